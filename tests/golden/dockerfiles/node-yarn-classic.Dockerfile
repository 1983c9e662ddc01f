# Node with yarn. Made by Galley: `galley eject` writes it into the repository.

FROM node:20-alpine
RUN npm install --global --force yarn@1.22.22
RUN mkdir -p /app && chown node:node /app
USER node
WORKDIR /app

ENV PATH=/app/node_modules/.bin:$PATH

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=node:node package.json yarn.lock ./
RUN yarn install --frozen-lockfile && yarn cache clean

COPY --chown=node:node . .

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0

CMD ["/bin/sh", "-c", "NODE_ENV=x node ."]
