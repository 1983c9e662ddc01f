# A Go module. Made by Galley: `galley eject` writes it into the repository.

FROM golang:1.24-alpine AS build
ENV CGO_ENABLED=0

WORKDIR /src

# Before the source, so that a push which changes only source reuses these layers.
COPY go.mod ./
RUN go mod download
COPY . .

RUN go build -o /out/ ./services/api

FROM alpine:3
RUN mkdir /app && chown 10001:10001 /app
WORKDIR /app
USER 10001:10001

# The source too: templates and the like are read from where a program is started.
COPY --chown=10001:10001 . .
COPY --from=build /out/ /usr/local/bin/
