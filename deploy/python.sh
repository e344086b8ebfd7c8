# Sourced by deploy/up, deploy/down and tests/run: finds a Python the system runs on and puts its path into $PYTHON.
# Written for the plainest sh; everything after it is Python.

PYTHON=
seen=
for name in python3.11 python3.12 python3.13 python3 python; do
    found=$(command -v "$name" 2>/dev/null) || continue
    if "$found" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; then
        PYTHON=$found
        break
    fi
    version=$("$found" --version 2>&1 | head -n 1) || version='?'
    seen="$seen $name ($version)"
done
if [ -z "$PYTHON" ]; then
    echo "需要 Python 3.11（3.12、3.13 也可），这台机器上找到的是：${seen:-（没有 Python）}。请先安装，例如 Debian 12 上：apt-get install python3 python3-venv，然后再运行一次。" >&2
    echo "Python 3.11 (or 3.12, 3.13) is needed; found:${seen:- none}.  Install it, on Debian 12: apt-get install python3 python3-venv, then run this again." >&2
    exit 3
fi
