#!/bin/sh
# Makes .env of .env.example, with a random value for each secret. What is in .env already stays as it is: after an upgrade
# it adds what is new.
set -eu
cd "$(dirname "$0")"
umask 077

random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

touch .env
added=0
while IFS= read -r line; do
  name=${line%%=*}
  case $line in
    '#'* | '') continue ;;
  esac
  if grep -q "^$name=" .env; then continue; fi
  case $line in
    *SECRET= | *PASSWORD= | *TOKEN=) line=$line$(random) ;;
  esac
  printf '%s\n' "$line" >>.env
  added=$((added + 1))
done <.env.example
echo "$added settings were added to $(pwd)/.env"
