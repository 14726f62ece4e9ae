#!/usr/bin/env bash
# Rolls a version out and watches it: bash deploy/k8s/roll-out.sh <overlay> [<image>], with kubectl at the cluster that is meant.
# Migrations first, to their end: where they are refused nothing else has changed. Then the programs; one that does not become ready stops it,
# and whoever served goes on. It goes back by itself where no migration was applied: an older version does not start on newer schemas.
set -euo pipefail
OVERLAY=${1:?which overlay: deploy/k8s/overlays/small, say}
IMAGE=${2:-}
MIGRATED_WITHIN_SECONDS=${MIGRATED_WITHIN_SECONDS:-28800}
READY_WITHIN=${READY_WITHIN:-30m}
PAUSE_SECONDS=${PAUSE_SECONDS:-2}

say() { echo "roll-out: $*"; }
in_namespace() { kubectl --namespace abland "$@"; }

FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
ALL=$FOLDER/all.yaml
kubectl kustomize "$OVERLAY" >"$ALL"
if [ -n "$IMAGE" ]; then
  # The overlay's, of which there is one: a test holds that.
  NAMED=$(sed -nE 's/^ +image: (.*abland[:@].*)$/\1/p' "$ALL" | sort -u)
  sed -i "s|image: $NAMED\$|image: $IMAGE|" "$ALL"
fi

migrated() {
  in_namespace delete job migrate --ignore-not-found --wait=true
  kubectl apply --filename "$ALL" --selector 'abland/step=migrate'
  local told waited=0
  while [ "$waited" -lt "$MIGRATED_WITHIN_SECONDS" ]; do
    told=$(in_namespace get job migrate --output 'jsonpath={.status.conditions[?(@.status=="True")].type}')
    case $told in
      *Complete*) return 0 ;;
      *Failed*) return 1 ;;
    esac
    sleep "$PAUSE_SECONDS"
    waited=$((waited + PAUSE_SECONDS))
  done
  return 1
}

say 'settings, policies and services'
kubectl apply --filename "$ALL" --selector 'abland/step notin (migrate, programs)'
WENT_ON=unchanged
if grep -q 'abland/step: migrate' "$ALL"; then
  say 'migrations'
  if ! migrated; then
    in_namespace logs job/migrate --tail=20 || true
    say 'the migrations did not come to an end: the programs are as they were'
    exit 1
  fi
  in_namespace logs job/migrate --tail=1 | tee "$FOLDER/migrated"
  grep -q 'nothing to apply' "$FOLDER/migrated" || WENT_ON=migrated
fi

say 'programs'
PROGRAMS='worker indexer projector api nginx'
revision_of() {
  in_namespace get "deployment/$1" --ignore-not-found \
    --output 'jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}'
}
for PROGRAM in $PROGRAMS; do revision_of "$PROGRAM" >"$FOLDER/$PROGRAM"; done
kubectl apply --filename "$ALL" --selector 'abland/step=programs'
FAILED=
for PROGRAM in $PROGRAMS; do
  in_namespace rollout status "deployment/$PROGRAM" --timeout="$READY_WITHIN" || { FAILED=$PROGRAM; break; }
done
if [ -z "$FAILED" ]; then
  say 'done'
  exit 0
fi
if [ "$WENT_ON" = unchanged ]; then
  say "$FAILED is not ready: back to what was before"
  for PROGRAM in $PROGRAMS; do
    BEFORE=$(cat "$FOLDER/$PROGRAM")
    # What this made no revision of is what served before; what there was not before has none to go back to.
    [ -n "$BEFORE" ] && [ "$BEFORE" != "$(revision_of "$PROGRAM")" ] || continue
    in_namespace rollout undo "deployment/$PROGRAM" --to-revision="$BEFORE" || true
  done
else
  say "$FAILED is not ready, and the schemas are newer than what was before: its older pods go on; roll out a version that knows these schemas"
fi
exit 1
