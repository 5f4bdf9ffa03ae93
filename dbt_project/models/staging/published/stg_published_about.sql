select
    item,
    value
from {{ published_source('about', {'item': 'varchar', 'value': 'varchar'}) }}
