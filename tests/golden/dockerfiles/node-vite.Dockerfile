# Node with npm. Made by Galley: `galley eject` writes it into the repository.

FROM node:20-alpine AS build
RUN mkdir -p /app && chown node:node /app
USER node
WORKDIR /app

ENV PATH=/app/node_modules/.bin:$PATH

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --no-audit --no-fund && npm cache clean --force

COPY --chown=node:node . .

RUN npm run build

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
    '  try_files {path} {path}.html {path}/index.html /index.html' \
    '  file_server {' \
    '    hide .*' \
    '  }' \
    '}' \
    > /etc/caddy/Caddyfile

ENV XDG_DATA_HOME=/tmp/data XDG_CONFIG_HOME=/tmp/config
USER 10001:10001

COPY --from=build /app/web/dist /srv/

CMD ["caddy", "run", "--config", "/etc/caddy/Caddyfile"]
