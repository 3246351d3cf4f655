# A static binary on an image without a shell, as a user without rights.
#
# docker build --build-arg BINARY=regate -t regate .
#
# The binary is the release's own, so that the image holds what was attested;
# nothing is compiled here.
FROM gcr.io/distroless/static-debian12:nonroot@sha256:d093aa3e30dbadd3efe1310db061a14da60299baff8450a17fe0ccc514a16639
ARG BINARY=regate
COPY --chmod=0755 ${BINARY} /usr/local/bin/regate
USER 65532:65532
WORKDIR /work
# It runs once and ends: there is nothing whose health could be asked.
HEALTHCHECK NONE
ENTRYPOINT ["/usr/local/bin/regate"]
CMD ["--help"]
