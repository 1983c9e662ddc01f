# A Go module. Made by Galley: `galley eject` writes it into the repository.

FROM golang:1.24-alpine AS build
ENV CGO_ENABLED=0

WORKDIR /src

# The source is needed to install, so a push installs again.
COPY . .

RUN go build -trimpath -tags timetzdata -o /out/app .

FROM alpine:3
RUN mkdir /app && chown 10001:10001 /app
WORKDIR /app
USER 10001:10001

# The source too: templates and the like are read from where a program is started.
COPY --chown=10001:10001 . .
COPY --from=build /out/ /usr/local/bin/

CMD ["app"]
