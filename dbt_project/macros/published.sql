{# Where the publication that this run is going to replace is read. source() is called for lineage;
   the path follows the layout of a publication. #}

{% macro published_dir() -%}
  {{ return(var('published_dir', env_var('ZENGSHOU_HOME', '../var') ~ '/published')) }}
{%- endmacro %}

{# A published table. It is empty while nothing is published, and a column that it did not have when
   it was published is null: an older version of the models may have made it. #}
{% macro published_source(table_name, columns) -%}
  {%- do source('previous_publication', table_name) -%}
  {%- set file = published_dir() ~ '/parquet/' ~ table_name ~ '/' ~ table_name ~ '.parquet' -%}
  (
    select
      {%- for name, type in columns.items() %}
      cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
      {%- endfor %}
    where false
    {%- if execute and run_query("select 1 from glob('" ~ file ~ "')") | length %}
    union all by name
    select * from read_parquet('{{ file }}')
    {%- endif %}
  )
{%- endmacro %}
