#!/usr/bin/env bash
# Known weaknesses of the locked packages. Run by `make audit`; needs the network, so no part of CI.
# 0: none known, 1: some are (each on a line), 2: the question could not be asked.
set -uo pipefail
cd "$(dirname "$0")"
if [ ! -x audit_env/bin/pip-audit ]; then
  "${PYTHON:-python3}" -m venv audit_env \
    && audit_env/bin/python -m pip install -q --disable-pip-version-check --no-input pip-audit \
    || { echo "pip-audit를 설치하지 못했습니다 / cannot install pip-audit" >&2; exit 2; }
fi
said=$(mktemp)
trap 'rm -f "$said"' EXIT
audit_env/bin/pip-audit --disable-pip --require-hashes -r python-dev.txt \
  --progress-spinner off --timeout 15 > "$said" 2>&1
status=$?
if [ $status -ne 0 ] && ! grep -qE 'Found [0-9]+ known vulnerabilit' "$said"; then
  tail -n 1 "$said" >&2
  echo "취약점 자료를 읽지 못해 아무것도 확인하지 못했습니다. 인터넷에 연결된 곳에서 다시 실행해 주십시오." >&2
  echo "The advisories are out of reach: nothing was checked." >&2
  exit 2
fi
cat "$said"
if grep -q 'could not be audited' "$said"; then
  echo "위에 적힌 패키지는 확인하지 못했습니다 / the packages named above were not checked" >&2
  [ $status -ne 0 ] || status=2
fi
exit $status
