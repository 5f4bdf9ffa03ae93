{# Where the lake is read. source() is called for lineage; the path follows the lake's layout. #}

{% macro lake_dir() -%}
  {{ return(var('lake_dir', env_var('ZENGSHOU_HOME', '../var') ~ '/lake')) }}
{%- endmacro %}

{# The Parquet files of a source, as a table. The quarter is a folder name and stays text here. #}
{% macro parquet_source(source_name, table_name) -%}
  {%- do source(source_name, table_name) -%}
  {%- if source_name == 'ledger' -%}
    read_parquet('{{ lake_dir() }}/ledger/{{ table_name }}.parquet')
  {%- else -%}
    {%- set folder = '*' if source_name == 'quarantine' else table_name -%}
    read_parquet(
      '{{ lake_dir() }}/{{ source_name }}/{{ folder }}/quarter=*/*.parquet',
      hive_partitioning = true, hive_types_autocast = false, union_by_name = true
    )
  {%- endif -%}
{%- endmacro %}

{# Rows of the submissions that count: the newest accepted version of each sender and quarter. #}
{% macro current_rows(dataset) -%}
(
    select *
    from {{ parquet_source('accepted', dataset) }}
    where submission_id in (
        select submission_id
        from {{ parquet_source('ledger', 'submissions') }}
        where is_current
    )
)
{%- endmacro %}
