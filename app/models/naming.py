"""Words of names: titles, particles, surnames that tell the order, nicknames, legal forms, addresses of functions.

All are folded (see `folding.fold_text`): small letters without accents.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Not here: "Ma", "Ba", "Don", "Pan", "Fr", which are names somewhere.
TITLES = _words(
    """dr drs prof professor professorin mr mrs ms miss mx sir dame lord lady herr frau hr ing dipl diplom dipling phil
    rer nat jur pol hc phd md dds mba msc bsc esq jr sr ii iii mme mlle monsieur madame mademoiselle maitre sra srta
    dona senor senora senorita sig sigra signor signora signorina dott dottssa dottoressa dottore avv geom mevr meneer
    mevrouw pani panna inz mgr hab dra eng engenheiro doutor doutora univ cpa cfa pmp llm llb"""
)
ABBREVIATED_TITLES = _words("med fr mag arch jun sen hon rev")  # titles only with a full stop
PARTICLES = _words(
    """von vom zu zum zur van vander vanden der den des del della dello delle degli dei di da das do dos de du la las
    los ter ten te tot op af av bin ibn al el"""
)
# Left out: surnames that are as often given names ("Jose Martin Weber").
IBERIAN_SURNAMES = _words(
    """garcia gonzalez rodriguez fernandez lopez martinez sanchez perez gomez jimenez ruiz hernandez diaz moreno munoz
    alvarez romero alonso gutierrez navarro torres dominguez vazquez ramos gil ramirez serrano blanco molina morales
    suarez ortega delgado castro ortiz rubio sanz nunez iglesias medina garrido cortes castillo santos lozano guerrero
    cano prieto mendez calvo gallego vidal herrera marquez pena flores cabrera campos vega fuentes carrasco diez
    caballero reyes nieto aguilar pascual herrero santana hidalgo montero ibanez gimenez ferrer duran benitez mora
    arias vargas carmona crespo soto saez velasco soler moya parra gallardo rojas silva oliveira souza sousa rodrigues
    ferreira alves pereira lima gomes costa ribeiro martins carvalho almeida lopes soares fernandes vieira barbosa
    rocha dias nascimento andrade moreira nunes marques machado mendes freitas cardoso ramalho goncalves teixeira
    araujo pinto correia cavalcanti monteiro batista borges"""
)
VIETNAMESE_SURNAMES = _words("nguyen tran pham hoang huynh phan dang bui ngo duong")
CHINESE_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何高林罗羅郑鄭梁谢謝宋唐许許韩韓冯馮邓鄧曹彭曾肖蕭田董袁潘于蒋蔣蔡余杜"
    "叶葉程苏蘇魏吕呂丁任沈姚卢盧姜崔钟鍾谭譚陆陸汪范金石廖贾賈夏韦韋付方白邹鄒孟熊秦邱江尹薛闫閻段雷侯龙龍史陶黎贺賀顾顧"
    "毛郝龚龔邵万萬钱錢严嚴覃武戴莫孔向汤湯"
)
COMPOUND_SURNAMES = _words(
    """欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 东方 西门 南宫
    남궁 황보 제갈 선우 독고 사공"""
)
EASTERN_HONORIFICS = ("先生", "女士", "小姐", "さん", "さま", "様", "님", "씨")

_NICKNAMES = """
william bill billy will willy liam|robert bob bobby rob robbie|richard dick rick ricky rich|james jim jimmy jamie
john johnny jack|jonathan jon|michael mike mick mickey|thomas tom tommy|david dave davy|daniel dan danny
joseph joe joey|edward ed eddie ted|charles charlie chuck|steven stephen steve|christopher chris|matthew matt
anthony tony|andrew andy drew|gregory greg|kenneth ken kenny|patrick pat|nicholas nick|samuel sam sammy
benjamin ben benny|alexander alex|peter pete|philip phillip phil|ronald ron|donald don|timothy tim|lawrence larry
elizabeth liz beth betty lisa|margaret maggie meg peggy|katherine catherine kathryn kate kathy katie cathy
jennifer jen jenny|jessica jess|rebecca becky|susan sue|patricia patty trish|barbara barb|deborah debbie deb
victoria vicky|christine christina tina|francisco paco pancho|jose pepe|ignacio nacho|enrique quique|giuseppe beppe
pieter piet|johannes hans hannes|heinrich heinz|friedrich fritz|wolfgang wolf|sebastian basti|maximilian max
katarzyna kasia|malgorzata gosia|aleksandra ola|agnieszka aga|krzysztof krzysiek|wojciech wojtek|geoffrey jeff
"""
_NICKNAME = {name: line.split()[0] for line in _NICKNAMES.replace("|", "\n").splitlines() for name in line.split()}


def nickname_of(name: str) -> str:
    """The full form that a folded given name is usually short for, else the name itself."""
    return _NICKNAME.get(name, name)


LEGAL_FORMS = _words(
    """inc incorporated llc llp lp ltd limited plc corp corporation co company gmbh mbh ag kg kgaa ohg ug gbr ev eg
    se sa sas sasu sarl eurl snc srl srls spa sapa sl slu sau sc cv sab ltda eireli lda bv nv vof cvba bvba spzoo zoo
    sp z o oo spj sk oy oyj ab as asa aps kk pty pte sdn bhd pvt private und cie compagnie
    株式会社 有限会社 合同会社 有限公司"""
)

ROLES = _words(
    """
    info information infos sales office contact contacts contactus hello hi hey mail email post admin administrator
    administration support help helpdesk service services customerservice customercare care team enquiries enquiry
    inquiries inquiry marketing press media pr jobs job career careers hr recruiting billing accounts accounting
    invoice invoices finance orders order purchasing procurement reception frontdesk welcome webmaster postmaster
    hostmaster abuse noreply donotreply no reply newsletter news events event booking bookings reservations
    reservation shop store web website general main everyone all staff privacy legal security
    kontakt vertrieb verkauf buero buro zentrale empfang sekretariat kundenservice kundendienst anfrage anfragen
    bestellung bestellungen einkauf rechnung rechnungen buchhaltung personal bewerbung bewerbungen presse poststelle
    verwaltung geschaeftsleitung geschaftsleitung technik werkstatt datenschutz
    commercial commerciale commerciaux ventes vente accueil bonjour secretariat achats achat comptabilite facturation
    facture rh recrutement communication direction serviceclient sav
    ventas venta contacto hola informacion administracion comercial pedidos compras facturacion atencioncliente
    atencionalcliente atencion recepcion oficina rrhh prensa soporte
    contatto contatti vendite vendita ufficio amministrazione ordini acquisti segreteria informazioni fatturazione
    assistenza clienti servizioclienti direzione stampa
    contato vendas venda escritorio atendimento sac financeiro suporte faleconosco contabilidade informacoes
    secretaria geral encomendas
    verkoop inkoop klantenservice administratie receptie bestellingen facturen algemeen
    biuro sprzedaz handlowy zamowienia ksiegowosc zapytania zaopatrzenie obsluga rekrutacja faktury
    eigyo soumu toiawase otoiawase kefu xiaoshou yewu lianxi
    """
)
