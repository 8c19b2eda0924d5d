#!/usr/bin/env bash
# Makes the least-privilege roles and their users; safe to run again. Needs STORE, CA and the passwords of .env.
set -euo pipefail

put() { # METHOD PATH BODY
    curl --fail --silent --show-error --cacert "$CA" --user "elastic:$ELASTIC_PASSWORD" \
        -X "$1" -H 'Content-Type: application/json' "$STORE$2" -d "$3" >/dev/null
    echo "done: $2"
}

put POST /_security/user/kibana_system/_password "{\"password\": \"$KIBANA_PASSWORD\"}"
# The writer makes templates, indices and aliases of its own name, and nothing else.
put PUT /_security/role/amur_writer '{
  "cluster": ["monitor", "manage_index_templates"],
  "indices": [{"names": ["amur-*"], "privileges": ["all"]}]}'
put PUT /_security/role/amur_reader '{
  "cluster": ["monitor"],
  "indices": [{"names": ["amur-*"], "privileges": ["read", "view_index_metadata"]}]}'
put PUT /_security/user/amur_writer "{\"password\": \"$AMUR_WRITER_PASSWORD\", \"roles\": [\"amur_writer\"]}"
put PUT /_security/user/amur_reader "{\"password\": \"$AMUR_READER_PASSWORD\", \"roles\": [\"amur_reader\"]}"
# The analyst reads in Kibana and keeps dashboards of their own.
put PUT /_security/role/amur_analyst '{
  "indices": [{"names": ["amur-*"], "privileges": ["read", "view_index_metadata"]}],
  "applications": [{"application": "kibana-.kibana", "privileges": ["space_all"], "resources": ["space:default"]}]}'
put PUT /_security/user/analyst "{\"password\": \"$ANALYST_PASSWORD\", \"roles\": [\"amur_analyst\"]}"
