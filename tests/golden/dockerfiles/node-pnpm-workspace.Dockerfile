# Node with pnpm. Made by Galley: `galley eject` writes it into the repository.

FROM node:20-alpine
RUN npm install --global pnpm@9.15.0
RUN mkdir -p /app && chown node:node /app
USER node
WORKDIR /app

ENV PATH=/app/node_modules/.bin:$PATH

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=node:node package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY --chown=node:node apps/api/package.json ./apps/api/
COPY --chown=node:node apps/web/package.json ./apps/web/
RUN pnpm install --frozen-lockfile

COPY --chown=node:node . .

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0

CMD ["node", "apps/web/server.js"]
