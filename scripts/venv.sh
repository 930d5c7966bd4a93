#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the virtual environment FOLDER with Python packages, of exactly the versions and contents that the files of requirements
# tell, one after the other; without any, those of tests and lint: python-requirements.txt. Does nothing if it is there and the
# files have not changed since.
# usage: venv.sh FOLDER [REQUIREMENTS...]
set -euo pipefail
folder=${1:?usage: venv.sh FOLDER [REQUIREMENTS...]}
shift
if [ $# = 0 ]; then
  set -- "$(cd "$(dirname "$0")" && pwd)/python-requirements.txt"
fi

stamp=$folder/requirements.sha256
wanted=$(cat "$@" | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  echo "venv: $folder is up to date"
  exit 0
fi

echo "venv: installing the packages of ${*/#"$PWD/"/} into $folder"
python3 -m venv --clear "$folder"
for requirements in "$@"; do
  "$folder/bin/pip" --quiet --disable-pip-version-check install --require-hashes --only-binary :all: --no-build-isolation \
    --requirement "$requirements"
done
echo "$wanted" >"$stamp"
