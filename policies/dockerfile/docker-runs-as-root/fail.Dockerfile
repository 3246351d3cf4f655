FROM alpine:3.20
COPY api /usr/local/bin/api
ENTRYPOINT ["/usr/local/bin/api"]
