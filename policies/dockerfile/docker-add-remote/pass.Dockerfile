FROM alpine:3.20
COPY tools/migrate.tar.gz /tools/
COPY api /usr/local/bin/api
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/api"]
