FROM alpine:3.20
HEALTHCHECK CMD ["/usr/local/bin/api", "health"]
COPY api /usr/local/bin/api
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/api"]
