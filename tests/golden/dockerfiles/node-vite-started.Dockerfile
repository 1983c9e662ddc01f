# Node with npm. Made by Galley: `galley eject` writes it into the repository.

FROM node:20-alpine
RUN mkdir -p /app && chown node:node /app
USER node
WORKDIR /app

ENV PATH=/app/node_modules/.bin:$PATH

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=node:node package.json package-lock.json ./
RUN npm ci --no-audit --no-fund && npm cache clean --force

COPY --chown=node:node . .

RUN npm run build

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0
