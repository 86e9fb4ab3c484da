"""What lists call their columns, in ten languages; upper and lower case, accents, spaces and signs do not matter."""

from __future__ import annotations

from functools import cache

from app.models.folding import fold_text

# "name" is a first, last or full name, by what stands beside it; "other" is known and holds nothing about the person.
NAMES: dict[str, dict[str, str]] = {
    "en": {
        "first_name": "first name|given name|forename|first|fname|christian name|contact first name",
        "last_name": "last name|surname|family name|last|lname|second name|contact last name",
        "full_name": "full name|contact name|person|contact person|lead name|customer name|client name|attendee name|"
        "display name|your name|participant|attendee|visitor|visitor name|who",
        "name": "name|contact",
        "company": "company|company name|organization|organisation|organization name|account name|account|firm|"
        "employer|business|business name|company or organization|affiliation|exhibitor|org|institution|"
        "company organization",
        "title": "title|job title|position|role|function|job|designation|occupation|job role|job function|profession",
        "phone": "phone|phone number|telephone|telephone number|tel|mobile|mobile phone|mobile number|cell|"
        "cell phone|cellphone|cell number|work phone|business phone|direct line|direct dial|contact number|"
        "contact phone number|number to call|alt phone|alternate phone|alternative phone|other phone|second phone|"
        "home phone|landline|office phone|day phone|daytime phone|main phone|switchboard|handy|whatsapp|"
        "whatsapp number|phone mobile|contact no|mobile no|phone no|tel no|telno|primary phone|secondary phone|"
        "company phone|hp",
        "email": "email|email address|e mail|mail|e mail address|mail address|email id|work email|business email|"
        "contact email|lead email|other email|secondary email|alternate email|your email|emailaddress1|"
        "electronic mail",
        "country": "country|country region|nation|country name|home country|billing country|country iso|"
        "country or region",
        "dial_code": "dial code|dialing code|dialling code|calling code|phone code|phone country code|isd code|"
        "country calling code",
        "country_code": "country code",
        "state": "state|province|region|state province|county|state region|home state|counties|billing state|"
        "state or province",
        "city": "city|town|cities|locality|place|home city|billing city|town city|municipality",
        "street": "street|address|street address|address line|address 1|address line 1|home address|mailing address|"
        "billing street|postal address|street 1|addr",
        "postal_code": "postal code|zip|zip code|postcode|post code|zip postal code|home zip|pin code|pincode|"
        "billing zip",
        "website": "website|web site|url|homepage|web|domain|company website|web page|webpage|site|company url|"
        "linkedin",
        "note": "note|notes|comment|comments|remark|remarks|memo|description|additional information|more information|"
        "booth notes|sales notes|call notes|observations",
        "request": "request|message|enquiry|inquiry|your message|question|questions|interest|interested in|"
        "how can we help|how can we help you|what are you looking for|product interest|requirements|needs",
        "captured_at": "created|created at|created on|created time|created date|creation date|date created|date|"
        "captured at|date captured|submitted|submitted at|submission date|submitted on|submit time|submission time|"
        "timestamp|time stamp|scan time|scanned at|scan date|order date|registration date|registered at|"
        "registered on|signup date|sign up date|signed up|conversion time|inquiry date|enquiry date|lead date|"
        "entry date|date added|added on|received|received at|date received|date time|datetime|lead created",
        "source": "source|lead source|campaign source|utm source|how did you hear about us|origin|channel|"
        "how did you hear about this event|lead origin|referral source|source name",
        "size": "size|company size|employees|number of employees|no of employees|employee count|headcount|staff|"
        "team size|company headcount",
        "language": "language|preferred language|lang|locale|languages",
        "salutation": "salutation|prefix|mr mrs|honorific|form of address|gender title",
        "do_not_call": "do not call|dnc|dont call|no calls|do not phone|donotcall|phone opt out|call opt out|"
        "do not contact|opted out of calls",
        "other": "id|lead id|record id|uuid|status|lead status|stage|lead owner|owner|assigned user|assigned to|"
        "account owner|sales rep|agent|user|modified|modified at|updated|updated at|last modified|last contact|"
        "last contacted|last activity|last call|fax|fax number|industry|sector|campaign|campaign id|campaign name|"
        "ad name|ad id|adset name|form name|form id|platform|is organic|gclid|keyword|device|conversion name|"
        "rating|score|quantity|currency|total paid|fees paid|ticket type|price tier|order|order number|order type|"
        "attendee number|group|attendee status|opportunity amount|amount|revenue|annual revenue|gender|sex|"
        "birthday|date of birth|birth date|dob|middle|middle name|tags|priority|department|scanner number|badge id|"
        "barcode|called count|rank|security phrase|vendor lead code|list id|source id|multi alt entries|nickname|"
        "password|username|location coordinates|latitude|longitude|coordinates|timezone|time zone|ip|ip address|"
        "browser|user agent|consent|gdpr|newsletter|opt in|email opt out|photo|extra|row|index|number|line|twitter|"
        "facebook|instagram|skype|vat|vat number|tax id|account number|account id|contact id|customer id|product|"
        "price|quote|val|key|value",
    },
    "de": {
        "first_name": "vorname|vornamen|rufname",
        "last_name": "nachname|familienname|zuname",
        "full_name": "vor und nachname|vollständiger name|ansprechpartner|kontaktperson|kontaktname|ansprechperson|"
        "name vorname|vorname nachname|teilnehmer|besucher",
        "name": "name|kontakt",
        "company": "firma|firmenname|unternehmen|organisation|betrieb|unternehmensname|institution|arbeitgeber|kunde",
        "title": "position|funktion|berufsbezeichnung|stellung|rolle|beruf|jobtitel|tätigkeit|stelle",
        "phone": "telefon|telefonnummer|tel|rufnummer|handy|handynummer|mobil|mobilnummer|mobiltelefon|zentrale|"
        "festnetz|durchwahl|telefon mobil|rufnummer mobil|telefon geschäftlich|telefon privat|tel nr|telefon nr|"
        "mobilfunk|telefon 2|zweite rufnummer|rückrufnummer|telefonzentrale",
        "email": "e mail|email|mail|e mail adresse|mailadresse|email adresse|emailadresse|elektronische post",
        "country": "land|staat|ländername",
        "dial_code": "ländervorwahl|landesvorwahl|vorwahl",
        "country_code": "ländercode|landeskennung|länderkennzeichen|länderkürzel|landkürzel",
        "state": "bundesland|kanton|bundesland kanton|region|provinz",
        "city": "ort|stadt|wohnort|gemeinde",
        "street": "straße|strasse|adresse|anschrift|straße und hausnummer|straße nr|straße hausnummer|postanschrift",
        "postal_code": "plz|postleitzahl",
        "website": "webseite|website|homepage|internet|internetseite|web|webadresse|internetadresse",
        "note": "notiz|notizen|bemerkung|bemerkungen|kommentar|kommentare|anmerkung|anmerkungen|beschreibung|hinweis",
        "request": "anfrage|nachricht|anliegen|ihre nachricht|interesse|interessiert an|frage|ihre anfrage|"
        "mitteilung|bedarf",
        "captured_at": "erstellt am|erstellt|erfasst am|erfasst|erstelldatum|datum|eingang|eingangsdatum|"
        "anfragedatum|zeitstempel|zeitpunkt|angelegt am|anlagedatum|registriert am|anmeldedatum|eingegangen am|"
        "scanzeit|gescannt am",
        "source": "quelle|herkunft|leadquelle|kanal|wie haben sie von uns erfahren",
        "size": "mitarbeiter|mitarbeiterzahl|anzahl mitarbeiter|unternehmensgröße|firmengröße|beschäftigte|größe",
        "language": "sprache|korrespondenzsprache",
        "salutation": "anrede|titel|akad titel|akademischer titel",
        "do_not_call": "anrufe unerwünscht|nicht anrufen|keine anrufe|anrufsperre|telefonsperre|werbesperre telefon",
        "other": "status|kampagne|branche|zugewiesener benutzer|geändert am|verkaufschance volumen|scanner nr|fax|"
        "telefax|faxnummer|besitzer|verantwortlicher|betreuer|kundennummer|nummer|nr|lfd nr|geburtsdatum|"
        "geschlecht|letzter kontakt|abteilung|umsatz|betrag|datensatz|kennung|ausweis nr|einwilligung|gruppe",
    },
    "fr": {
        "first_name": "prénom|prénoms",
        "last_name": "nom de famille",
        "full_name": "nom complet|nom et prénom|prénom et nom|nom prénom|nom du contact|personne à contacter|"
        "interlocuteur|participant|visiteur",
        "name": "nom|contact",
        "company": "société|entreprise|nom de l'entreprise|nom de la société|organisation|nom du compte|"
        "raison sociale|établissement|organisme|compte",
        "title": "titre|fonction|poste|titre du poste|métier|profession|intitulé du poste",
        "phone": "téléphone|numéro de téléphone|tél|portable|mobile|téléphone mobile|téléphone portable|"
        "téléphone fixe|fixe|standard|ligne directe|n de téléphone|tél portable|téléphone professionnel|numéro|gsm",
        "email": "email|courriel|e mail|adresse email|adresse e mail|mail|adresse mail|adresse électronique|mél|"
        "courrier électronique",
        "country": "pays",
        "dial_code": "indicatif|indicatif pays|indicatif téléphonique",
        "country_code": "code pays",
        "state": "région|régions|département|canton|province|état",
        "city": "ville|commune|localité",
        "street": "rue|adresse|adresse postale|voie|adresse 1",
        "postal_code": "code postal|cp",
        "website": "site|site web|site internet|page web|url",
        "note": "note|notes|commentaire|commentaires|remarque|remarques|description|observations|observation",
        "request": "demande|message|votre message|intérêt|intéressé par|question|besoin|votre demande|"
        "objet de la demande",
        "captured_at": "date de création|créé le|créée le|date|date d'ajout|date d'inscription|date de la demande|"
        "horodatage|date de soumission|reçu le|date de réception|enregistré le|date du contact",
        "source": "source|origine|provenance|comment nous avez vous connu|source du prospect|canal",
        "size": "effectif|effectifs|nombre d'employés|nombre de salariés|taille de l'entreprise|salariés|taille",
        "language": "langue|langue préférée",
        "salutation": "civilité|salutation|madame monsieur",
        "do_not_call": "ne pas appeler|opposition téléphonique|pas d'appel|ne pas contacter par téléphone|bloctel",
        "other": "statut|campagne|industrie|secteur|modifié à|modifié le|utilisateur assigné|propriétaire|"
        "montant en jeu de l'opportunité|montant|télécopie|identifiant|numéro client|date de naissance|sexe|"
        "service|dernier contact|groupe|chiffre d'affaires",
    },
    "es": {
        "first_name": "nombre de pila|primer nombre",
        "last_name": "apellido|apellidos|primer apellido",
        "full_name": "nombre completo|nombre y apellidos|nombre y apellido|persona de contacto|nombre del contacto|"
        "asistente|apellidos y nombre|nombre de contacto",
        "name": "nombre|contacto|nombres",
        "company": "empresa|compañía|nombre de la empresa|organización|razón social|sociedad|cuenta|institución",
        "title": "cargo|puesto|título|función|posición|profesión|puesto de trabajo",
        "phone": "teléfono|número de teléfono|tel|móvil|celular|teléfono móvil|teléfono fijo|teléfono celular|fijo|"
        "centralita|tfno|tlf|teléfono de contacto|número de contacto",
        "email": "correo|correo electrónico|email|e mail|dirección de correo|mail|dirección de correo electrónico",
        "country": "país",
        "dial_code": "prefijo|prefijo telefónico|prefijo internacional",
        "country_code": "código de país|código país",
        "state": "provincia|estado|región|comunidad autónoma|departamento",
        "city": "ciudad|población|localidad|municipio",
        "street": "dirección|calle|domicilio|dirección postal",
        "postal_code": "código postal|cp|c p",
        "website": "sitio web|página web|web|url",
        "note": "nota|notas|comentario|comentarios|observaciones|observación|descripción",
        "request": "solicitud|mensaje|consulta|interés|interesado en|pregunta|petición|necesidad|su mensaje",
        "captured_at": "fecha|fecha de creación|creado el|fecha de registro|fecha de alta|creado|fecha y hora|"
        "marca temporal|fecha de solicitud|recibido|registrado el|fecha de captura",
        "source": "fuente|origen|procedencia|canal|cómo nos conoció",
        "size": "empleados|número de empleados|tamaño|tamaño de la empresa|plantilla",
        "language": "idioma|lengua",
        "salutation": "tratamiento|saludo|sr sra",
        "do_not_call": "no llamar|lista robinson|no contactar por teléfono|no llame",
        "other": "campaña|sector|industria|propietario|asignado a|usuario asignado|fecha de modificación|"
        "modificado el|importe|fecha de nacimiento|sexo|género|identificador|último contacto|departamento interno|"
        "grupo",
    },
    "it": {
        "first_name": "nome di battesimo|nome proprio",
        "last_name": "cognome|cognomi",
        "full_name": "nome e cognome|nome completo|cognome e nome|nominativo|referente|persona di riferimento|"
        "partecipante|nome cognome|cognome nome|visitatore",
        "name": "nome|contatto",
        "company": "azienda|società|ditta|ragione sociale|nome azienda|impresa|ente|organizzazione",
        "title": "ruolo|qualifica|posizione|funzione|titolo|mansione|professione|carica",
        "phone": "telefono|numero di telefono|tel|cellulare|cell|telefono cellulare|telefono fisso|fisso|mobile|"
        "centralino|recapito telefonico|numero telefono|recapito",
        "email": "email|e mail|posta elettronica|indirizzo email|indirizzo e mail|mail|posta",
        "country": "paese|nazione|stato",
        "dial_code": "prefisso|prefisso internazionale|prefisso telefonico",
        "country_code": "codice paese|sigla paese|codice nazione",
        "state": "provincia|regione|prov",
        "city": "città|comune|località",
        "street": "indirizzo|via|indirizzo postale",
        "postal_code": "cap|codice postale|codice di avviamento postale",
        "website": "sito|sito web|sito internet|pagina web|url",
        "note": "nota|note|commento|commenti|osservazioni|descrizione|annotazioni",
        "request": "richiesta|messaggio|interesse|interessato a|domanda|esigenza|il tuo messaggio",
        "captured_at": "data|data creazione|data di creazione|creato il|data inserimento|data registrazione|"
        "inserito il|data richiesta|data e ora|informazioni cronologiche|acquisito il|ricevuto il|data iscrizione",
        "source": "fonte|origine|provenienza|canale|come ci hai conosciuto",
        "size": "dipendenti|numero dipendenti|numero di dipendenti|dimensione|dimensione azienda|addetti",
        "language": "lingua",
        "salutation": "appellativo|saluto|titolo di cortesia",
        "do_not_call": "non chiamare|non contattare telefonicamente|registro opposizioni|opposizione chiamate",
        "other": "campagna|settore|stato lead|proprietario|assegnato a|utente assegnato|modificato il|data modifica|"
        "importo|data di nascita|sesso|ultimo contatto|reparto|partita iva|codice fiscale|gruppo|fatturato",
    },
    "pt": {
        "first_name": "primeiro nome|nome próprio",
        "last_name": "sobrenome|apelido|último nome|sobrenomes",
        "full_name": "nome completo|nome e sobrenome|pessoa de contato|pessoa de contacto|nome do contato|"
        "participante|nome do contacto",
        "name": "nome|contato|contacto",
        "company": "empresa|companhia|nome da empresa|organização|razão social|conta|instituição",
        "title": "cargo|função|título|posição|profissão|ocupação",
        "phone": "telefone|número de telefone|tel|celular|telemóvel|móvel|telefone celular|telefone fixo|fixo|"
        "telefone de contato|whatsapp|fone|nº de telefone",
        "email": "email|e mail|correio eletrônico|correio eletrónico|endereço de email|endereço de e mail",
        "country": "país",
        "dial_code": "ddi|indicativo|código de discagem|indicativo do país",
        "country_code": "código do país",
        "state": "estado|uf|província|distrito|região",
        "city": "cidade|município|localidade",
        "street": "endereço|rua|morada|logradouro",
        "postal_code": "cep|código postal",
        "website": "site|website|página|página web|sítio",
        "note": "nota|notas|comentário|comentários|observações|observação|descrição|obs",
        "request": "mensagem|pedido|solicitação|interesse|interessado em|pergunta|dúvida|necessidade",
        "captured_at": "data|data de criação|criado em|data de cadastro|data de registro|data de registo|"
        "cadastrado em|data e hora|carimbo de data hora|data do pedido|recebido em|capturado em",
        "source": "fonte|origem|canal|como nos conheceu|como soube de nós",
        "size": "funcionários|número de funcionários|colaboradores|tamanho|tamanho da empresa|porte",
        "language": "idioma|língua",
        "salutation": "tratamento|saudação|pronome de tratamento",
        "do_not_call": "não ligar|não telefonar|não perturbe|não contactar por telefone|não contatar por telefone",
        "other": "campanha|setor|segmento|proprietário|atribuído a|usuário atribuído|modificado em|"
        "data de modificação|valor|data de nascimento|sexo|último contato|cnpj|cpf|nif|grupo|departamento",
    },
    "nl": {
        "first_name": "voornaam|roepnaam|voornamen",
        "last_name": "achternaam|familienaam",
        "full_name": "volledige naam|voor en achternaam|contactpersoon|naam contactpersoon|deelnemer|bezoeker",
        "name": "naam|contact",
        "company": "bedrijf|bedrijfsnaam|organisatie|firma|onderneming|werkgever|instelling|naam bedrijf",
        "title": "functie|functietitel|positie|rol|beroep|titel",
        "phone": "telefoon|telefoonnummer|tel|mobiel|mobiel nummer|gsm|mobiele telefoon|vaste telefoon|"
        "doorkiesnummer|telefoon mobiel|telefoon werk|mobielnummer|vast nummer|centrale",
        "email": "e mail|email|e mailadres|emailadres|mail|mailadres|email adres",
        "country": "land",
        "dial_code": "landnummer|netnummer",
        "country_code": "landcode",
        "state": "provincie|regio|gewest",
        "city": "plaats|stad|woonplaats|gemeente",
        "street": "straat|adres|straatnaam|straat en huisnummer|postadres",
        "postal_code": "postcode",
        "website": "website|webpagina|webadres|site|internetadres",
        "note": "notitie|notities|opmerking|opmerkingen|toelichting|commentaar|omschrijving|beschrijving",
        "request": "aanvraag|bericht|vraag|interesse|geïnteresseerd in|uw bericht|verzoek|behoefte",
        "captured_at": "datum|aangemaakt|aangemaakt op|aanmaakdatum|datum aangemaakt|ingevoerd op|registratiedatum|"
        "tijdstempel|datum aanvraag|ontvangen op|inschrijfdatum|gescand op|invoerdatum",
        "source": "bron|herkomst|leadbron|kanaal|hoe heeft u ons gevonden",
        "size": "medewerkers|aantal medewerkers|werknemers|aantal werknemers|bedrijfsgrootte|grootte",
        "language": "taal|voorkeurstaal",
        "salutation": "aanhef|aanspreektitel|aanspreking",
        "do_not_call": "niet bellen|bel me niet|niet telefonisch benaderen|belblokkade",
        "other": "campagne|branche|sector|eigenaar|toegewezen aan|toegewezen gebruiker|gewijzigd op|bedrag|"
        "geboortedatum|geslacht|laatste contact|afdeling|klantnummer|tussenvoegsel|groep|omzet",
    },
    "pl": {
        "first_name": "imię|imiona",
        "last_name": "nazwisko|nazwiska",
        "full_name": "imię i nazwisko|nazwisko i imię|osoba kontaktowa|osoba do kontaktu|uczestnik|"
        "pełne imię i nazwisko",
        "name": "kontakt",
        "company": "firma|nazwa firmy|przedsiębiorstwo|organizacja|spółka|pracodawca|nazwa",
        "title": "stanowisko|funkcja|tytuł|rola|zawód|pozycja",
        "phone": "telefon|numer telefonu|tel|komórka|telefon komórkowy|telefon stacjonarny|nr telefonu|nr tel|"
        "komórkowy|numer komórki|telefon kontaktowy|centrala",
        "email": "email|e mail|adres email|adres e mail|poczta elektroniczna|mail|poczta",
        "country": "kraj|państwo",
        "dial_code": "numer kierunkowy|kierunkowy|prefiks",
        "country_code": "kod kraju",
        "state": "województwo|region|stan",
        "city": "miasto|miejscowość",
        "street": "ulica|adres|adres pocztowy|ulica i numer",
        "postal_code": "kod pocztowy|kod",
        "website": "strona|strona www|www|strona internetowa|witryna|adres www",
        "note": "notatka|notatki|uwagi|uwaga|komentarz|komentarze|opis",
        "request": "zapytanie|wiadomość|zainteresowanie|zainteresowany|pytanie|treść zapytania|treść|potrzeba",
        "captured_at": "data|data utworzenia|utworzono|data dodania|dodano|data rejestracji|data zgłoszenia|"
        "sygnatura czasowa|zarejestrowano|data zapytania|otrzymano|data wpływu",
        "source": "źródło|pochodzenie|kanał|skąd dowiedział się o nas",
        "size": "pracownicy|liczba pracowników|wielkość firmy|zatrudnienie|wielkość",
        "language": "język",
        "salutation": "zwrot grzecznościowy|pan pani|forma grzecznościowa",
        "do_not_call": "nie dzwonić|nie dzwoń|zakaz dzwonienia|brak zgody na telefon",
        "other": "status|kampania|branża|właściciel|przypisany użytkownik|opiekun|zmodyfikowano|data modyfikacji|"
        "kwota|data urodzenia|płeć|ostatni kontakt|dział|nip|regon|grupa|numer",
    },
    "ja": {
        "first_name": "名|名前 名|ファーストネーム|下の名前",
        "last_name": "姓|苗字|名字|名前 姓|ラストネーム|氏",
        "full_name": "氏名|お名前|名前|担当者|担当者名|ご担当者名|ご担当者|御名前|フルネーム|ご氏名|来場者名|参加者名",
        "company": "会社|会社名|企業名|貴社名|御社名|法人名|組織名|勤務先|団体名|会社 団体名|企業",
        "title": "役職|職種|肩書き|肩書|役職名|職位|職業",
        "phone": "電話|電話番号|携帯|携帯電話|携帯番号|携帯電話番号|連絡先電話番号|お電話番号|固定電話|代表電話|直通|"
        "tel",
        "email": "メール|メールアドレス|電子メール|eメール|e mail|eメールアドレス|mail",
        "country": "国|国名|国 地域",
        "dial_code": "国番号",
        "country_code": "国コード",
        "state": "都道府県|州|県",
        "city": "市区町村|市|都市|市町村",
        "street": "住所|番地|所在地|ご住所|住所1",
        "postal_code": "郵便番号",
        "website": "ウェブサイト|ホームページ|url|サイト|webサイト",
        "note": "備考|メモ|コメント|特記事項|備考欄|説明",
        "request": "お問い合わせ内容|問い合わせ内容|メッセージ|ご要望|要望|質問|ご質問|お問い合わせ|ご相談内容|興味",
        "captured_at": "作成日|作成日時|登録日|登録日時|日付|日時|受付日|受付日時|送信日時|問い合わせ日|"
        "タイムスタンプ|来場日時|取得日時|申込日",
        "source": "ソース|流入元|獲得元|リードソース|経路|きっかけ|お知りになったきっかけ",
        "size": "従業員数|社員数|会社規模|企業規模",
        "language": "言語|使用言語",
        "salutation": "敬称",
        "do_not_call": "電話不可|架電禁止|電話禁止|架電不可",
        "other": "部署|部署名|所属|状態|ステータス|担当営業|更新日|更新日時|キャンペーン|業種|ファックス|"
        "ファックス番号|性別|生年月日|フリガナ|ふりがな|カナ|セイ|メイ|番号|所有者|グループ",
    },
    "zh": {
        "first_name": "名|名字|名子",
        "last_name": "姓|姓氏",
        "full_name": "姓名|联系人|聯絡人|联系人姓名|聯絡人姓名|客户姓名|客戶姓名|名称|称呼|参会人|访客姓名|聯繫人",
        "company": "公司|公司名称|公司名稱|企业|企業|企业名称|单位|單位|机构|機構|组织|工作单位|客户名称|单位名称",
        "title": "职位|職位|职务|職務|头衔|頭銜|职称|職稱|岗位",
        "phone": "电话|電話|电话号码|電話號碼|手机|手機|手机号|手机号码|手機號碼|联系电话|聯絡電話|座机|固定电话|"
        "办公电话|联系方式|移动电话|行動電話|聯繫電話|总机",
        "email": "邮箱|郵箱|电子邮件|電子郵件|电子邮箱|电邮|電郵|邮件|邮箱地址|电子邮件地址|信箱|電子信箱",
        "country": "国家|國家|国家地区|國家地區|国别",
        "dial_code": "国际区号|区号|國碼",
        "country_code": "国家代码|國家代碼",
        "state": "省|省份|州|地区|省市|直辖市",
        "city": "城市|市|所在城市",
        "street": "地址|街道|详细地址|通讯地址|聯絡地址|住址",
        "postal_code": "邮编|郵編|邮政编码|郵遞區號|郵政編碼",
        "website": "网站|網站|网址|網址|主页|官网",
        "note": "备注|備註|说明|說明|注释|评论|附注",
        "request": "留言|咨询内容|需求|问题|询盘|询盘内容|意向|諮詢內容|感兴趣的产品|詢問內容",
        "captured_at": "创建时间|創建時間|创建日期|日期|时间|时间戳|提交时间|提交日期|登记时间|注册时间|录入时间|"
        "建立時間|提交時間|扫描时间|询盘时间",
        "source": "来源|來源|线索来源|客户来源|渠道|了解渠道",
        "size": "员工人数|員工人數|公司规模|企业规模|人数|员工数|公司規模",
        "language": "语言|語言",
        "salutation": "尊称|稱謂|称谓",
        "do_not_call": "请勿致电|勿打电话|禁止拨打|請勿致電|勿扰",
        "other": "状态|狀態|负责人|負責人|所有者|更新时间|修改时间|活动|行业|行業|传真|傳真|性别|性別|生日|部门|部門|"
        "编号|序号|金额|跟进人|销售|标签",
    },
}
# Words that say whose or which, and not what. A header is also tried without them.
NOISE = frozenset(
    fold_text(
        """home work business office lead contact primary main your my the of our person personal private customer
        client attendee visitor billing mailing shipping required optional please enter geschäftlich privat dienstlich
        pflichtfeld haupt ihr ihre du de la le der die das votre principal principale professionnel professionnelle
        personnel su tu trabajo lavoro aziendale trabalho comercial zakelijk werk privé uw służbowy prywatny
        ご 会社 勤務先 您的 个人 工作 default pref voice internet"""
    ).split()
)


def joined(header: str) -> str:
    """The form in which column names are compared: folded letters and figures, nothing between them."""
    return "".join(sign for sign in fold_text(header) if sign.isalnum())


@cache
def index() -> dict[str, dict[str, set[str]]]:
    """Joined column name -> field -> the languages in which it is called so."""
    found: dict[str, dict[str, set[str]]] = {}
    for language, fields in NAMES.items():
        for field, names in fields.items():
            for name in names.split("|"):
                found.setdefault(joined(name), {}).setdefault(field, set()).add(language)
    return found
