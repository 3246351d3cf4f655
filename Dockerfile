# A static binary as a user without rights, on two images:
#
#   docker build -t regate .                             no shell: for Kubernetes, Argo, Tekton, docker run
#   docker build --target debian -t regate:debian .      a shell: for GitLab, CircleCI, Bitbucket
#
# The binary is the release's own, `regate-amd64` or `regate-arm64` beside this
# file, so that the image holds what was attested; nothing is compiled here.
FROM debian:12.12-slim AS debian
ARG TARGETARCH=amd64
ARG BINARY=regate-${TARGETARCH}
COPY --chmod=0755 ${BINARY} /usr/local/bin/regate
USER 65532:65532
WORKDIR /work
# It runs once and ends: there is nothing whose health could be asked.
HEALTHCHECK NONE
CMD ["regate", "--help"]

FROM gcr.io/distroless/static-debian12:nonroot@sha256:d093aa3e30dbadd3efe1310db061a14da60299baff8450a17fe0ccc514a16639
ARG TARGETARCH=amd64
ARG BINARY=regate-${TARGETARCH}
COPY --chmod=0755 ${BINARY} /usr/local/bin/regate
USER 65532:65532
WORKDIR /work
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/regate"]
CMD ["--help"]
