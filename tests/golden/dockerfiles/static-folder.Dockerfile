# A static site. Made by Galley: `galley eject` writes it into the repository.

FROM caddy:2-alpine

RUN printf '%s\n' \
    '{' \
    '  admin off' \
    '  auto_https off' \
    '  persist_config off' \
    '}' \
    ':{$PORT:8080} {' \
    '  root * /srv' \
    '  encode gzip' \
    '  try_files {path} {path}.html {path}/index.html' \
    '  file_server {' \
    '    hide .*' \
    '  }' \
    '}' \
    > /etc/caddy/Caddyfile

ENV XDG_DATA_HOME=/tmp/data XDG_CONFIG_HOME=/tmp/config
USER 10001:10001

COPY public/ /srv/

CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile"]
