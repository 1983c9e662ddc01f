# Node with npm. Made by Galley: `galley eject` writes it into the repository.

FROM node:18-alpine
RUN mkdir -p /app && chown node:node /app
USER node
WORKDIR /app

ENV PATH=/app/node_modules/.bin:$PATH

# The source is needed to install, so a push installs again.
COPY --chown=node:node . .
RUN npm ci --no-audit --no-fund && npm cache clean --force

RUN npm run build

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0

CMD ["npm", "run", "start"]
