# Shared by the scripts: a suitable Python, the system packages, .venv. Sourced, not run.
# Lines for people are Indonesian; scripts run before anything is installed that could translate.
set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
VENV="$ROOT/.venv"

say() { printf '%s\n' "$*"; }
die() {
  printf 'Tidak dapat mulai: %s\n' "$*" >&2
  exit 1
}

# Prints the first Python >= 3.12 that really runs. A pyenv shim may exist for a
# version that is not installed, so each candidate is asked, from the project folder
# (where .python-version holds).
find_python() {
  local candidate
  local code='import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 12))'
  for candidate in ${PANTAU_PYTHON:-} python3 python3.13 python3.14 python3.12 \
    "$HOME"/.pyenv/versions/3.1[2-9]*/bin/python3 /usr/local/bin/python3 /usr/bin/python3; do
    if command -v "$candidate" >/dev/null 2>&1 && (cd "$ROOT" && "$candidate" -c "$code") >/dev/null 2>&1; then
      # The real program, not the shim: .venv must outlive a change of .python-version.
      (cd "$ROOT" && "$candidate" -c 'import os, sys; print(os.path.realpath(sys.executable))')
      return 0
    fi
  done
  return 1
}

# need_packages NAME...: Debian packages, installed when we are root.
need_packages() {
  command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: the launcher checks the libraries
  local name missing=()
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || missing+=("$name")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -eq 0 ]; then
    say "Memasang paket sistem: ${missing[*]}"
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null; then
      die "paket sistem tidak terpasang. Jalankan: apt-get install ${missing[*]}"
    fi
  else
    die "paket sistem belum ada. Jalankan: sudo apt-get install ${missing[*]}"
  fi
}

# make_venv base|dev: .venv with exactly the pinned packages; quick when nothing changed.
make_venv() {
  local kind="$1" python stamp wanted files=("$ROOT/requirements/base.txt")
  [ "$kind" = dev ] && files+=("$ROOT/requirements/dev.txt")
  [ "$kind $(uname -sm)" = "dev Linux x86_64" ] && files+=("$ROOT/requirements/styles.txt")
  if [ -e "$VENV/bin/python" ] && ! "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
    say "Python di .venv tidak cocok lagi; .venv dibuat ulang"
    rm -rf "$VENV"
  fi
  if [ ! -x "$VENV/bin/python" ]; then
    python="$(find_python)" || die "tidak ada Python 3.12 atau lebih baru. Pasang python3.13 (mis. lewat pyenv: pyenv install 3.13), atau tunjukkan dengan PANTAU_PYTHON=/jalur/python3.13"
    say "Menyiapkan lingkungan Python ($("$python" --version))"
    "$python" -m venv "$VENV" || die "venv tidak dapat dibuat di $VENV; periksa ruang disk dan hak tulis"
  fi
  wanted="$(cat "${files[@]}" | sha256sum | cut -d' ' -f1)"
  stamp="$VENV/.pantau-$kind"
  [ "$(cat "$stamp" 2>/dev/null || true)" = "$wanted" ] && return 0
  say "Memasang paket Python (versi terkunci, dengan hash)"
  if [ ! -x "$VENV/bin/uv" ]; then
    # Bring uv first, by its own pinned lines: it installs the rest in seconds.
    sed -n '/^uv==/,/^[a-z]/{/^uv==/p;/^    --hash/p;}' "$ROOT/requirements/base.txt" >"$VENV/uv.txt"
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$VENV/uv.txt" ||
      die "paket Python tidak dapat diunduh; periksa sambungan atau setelan pip (PIP_INDEX_URL)"
  fi
  local arguments=() file
  for file in "${files[@]}"; do arguments+=(-r "$file"); done
  # pip is slower and knows every kind of index: it has the last word.
  uv_with_pip_settings pip install -q --python "$VENV/bin/python" --require-hashes "${arguments[@]}" ||
    "$VENV/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes "${arguments[@]}" ||
    die "paket Python tidak dapat dipasang; periksa sambungan, setelan pip (PIP_INDEX_URL) dan ruang disk"
  printf '%s\n' "$wanted" >"$stamp"
  [ "$kind" = dev ] && sha256sum <"$ROOT/requirements/base.txt" | cut -d' ' -f1 >"$VENV/.pantau-base"
  return 0
}

# uv does not read pip's configuration: hand over the indexes and the certificate it names.
uv_with_pip_settings() {
  pip_setting UV_DEFAULT_INDEX index-url "${PIP_INDEX_URL:-}"
  pip_setting UV_INDEX extra-index-url "${PIP_EXTRA_INDEX_URL:-}"
  pip_setting UV_FIND_LINKS find-links "${PIP_FIND_LINKS:-}"
  pip_setting SSL_CERT_FILE cert "${PIP_CERT:-}"
  # All indexes together, as pip does: the hashes decide what is accepted.
  export UV_INDEX_STRATEGY="${UV_INDEX_STRATEGY:-unsafe-best-match}"
  "$VENV/bin/uv" "$@"
}

# pip_setting VARIABLE NAME GIVEN: export VARIABLE from pip's environment or configuration.
pip_setting() {
  local value="${!1:-${3:-$("$VENV/bin/python" -m pip config get "global.$2" 2>/dev/null || true)}}"
  [ -z "$value" ] || export "$1=$(printf '%s' "$value" | tr '\n' ' ')"
}

# refuse_taken_port [arguments of scripts/run]: the launcher checks again, and more.
refuse_taken_port() {
  local port=8000 previous="" argument
  for argument in "$@"; do
    case "$previous" in --port) port="$argument" ;; esac
    case "$argument" in --port=*) port="${argument#--port=}" ;; esac
    previous="$argument"
  done
  if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
    die "port $port dipakai program lain; pilih port lain dengan --port"
  fi
}

PDF_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
TEST_PACKAGES=(chromium poppler-utils gettext openssl)

# The templates that formatter, linter and limits look at.
TEMPLATES=('templates/*.html' '*/templates/*.html')
STYLES_AND_SCRIPTS=('*.css' '*.js')

# on_files COMMAND... -- PATTERN...: runs the command on the tracked files that fit.
on_files() {
  local command=()
  while [ "$1" != -- ]; do
    command+=("$1")
    shift
  done
  shift
  git -C "$ROOT" ls-files -z -- "$@" | (cd "$ROOT" && xargs -0 --no-run-if-empty "${command[@]}")
}

# biome ARGUMENTS...: comes as a program for one kind of machine (requirements/styles.in).
biome() {
  if [ -x "$VENV/bin/biome" ]; then
    (cd "$ROOT" && "$VENV/bin/biome" "$@")
  else
    say "Gaya dan skrip tidak diperiksa: biome tidak ada untuk mesin ini"
  fi
}
