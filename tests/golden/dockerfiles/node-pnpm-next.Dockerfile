# Node with pnpm. Made by Galley: `galley eject` writes it into the repository.

FROM node:22-alpine
RUN npm install --global pnpm@8
RUN mkdir -p /app && chown node:node /app
USER node
WORKDIR /app

ENV PATH=/app/node_modules/.bin:$PATH

# Before the source, so that a push which changes only source reuses these layers.
COPY --chown=node:node package.json pnpm-lock.yaml .npmrc ./
RUN pnpm install --frozen-lockfile

ARG NEXT_PUBLIC_API_URL

COPY --chown=node:node . .

RUN pnpm run build

ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    HOSTNAME=0.0.0.0

CMD ["next", "start"]
