-- Who may append what. docs/team.md has the same table in words, and a test compares.
set local role "@.owner";
set local search_path = winnow, pg_catalog;

insert into kind_right (kind, role, how)
select kind, role, how
from (values
    --                        caller      lead        sales       marketing   admin       intake      viewer
    ('captured',               'may',      'may',      'may',      'may',      'may',      'may',      'never'),
    ('corrected',              'may',      'may',      'may',      'may',      'may',      'may',      'never'),
    ('called',                 'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('skipped',                'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('disposed',               'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('reviewed',               'never',    'may',      'may',      'never',    'may',      'never',    'never'),
    ('closed',                 'never',    'may',      'may',      'never',    'may',      'never',    'never'),
    ('reassigned',             'never',    'may',      'never',    'never',    'may',      'never',    'never'),
    ('objected',               'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('lifted',                 'own',      'may',      'own',      'own',      'may',      'never',    'never'),
    ('merged',                 'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('split',                  'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('settled',                'never',    'may',      'never',    'never',    'may',      'never',    'never'),
    ('undone',                 'own',      'may',      'own',      'own',      'may',      'never',    'never'),
    ('erased',                 'never',    'may',      'never',    'may',      'may',      'never',    'never'),
    ('script_published',       'never',    'may',      'never',    'may',      'may',      'never',    'never'),
    ('scorecard_published',    'never',    'may',      'may',      'may',      'may',      'never',    'never'),
    ('lead_rules_published',   'never',    'may',      'may',      'never',    'may',      'never',    'never'),
    ('source_defined',         'may',      'may',      'may',      'may',      'may',      'may',      'never'),
    ('source_cost',            'never',    'may',      'never',    'may',      'may',      'never',    'never'),
    ('planned',                'never',    'may',      'may',      'never',    'may',      'never',    'never'),
    ('lead_assigned',          'never',    'may',      'may',      'never',    'may',      'never',    'never'),
    ('track_defined',          'never',    'may',      'never',    'may',      'may',      'never',    'never'),
    ('rescheduled',            'never',    'may',      'never',    'may',      'may',      'never',    'never'),
    ('woken',                  'never',    'may',      'never',    'may',      'may',      'never',    'never'),
    ('consented',              'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('delivered',              'may',      'may',      'may',      'may',      'may',      'never',    'never'),
    ('mailed',                 'may',      'may',      'may',      'may',      'may',      'never',    'never')
) as said (kind, caller, lead, sales, marketing, admin, intake, viewer)
cross join lateral (values ('caller', caller), ('lead', lead), ('sales', sales), ('marketing', marketing),
    ('admin', admin), ('intake', intake), ('viewer', viewer)) as each (role, how);

reset role;
