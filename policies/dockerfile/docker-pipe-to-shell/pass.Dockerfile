FROM alpine:3.20
RUN apk add --no-cache ca-certificates
COPY api /usr/local/bin/api
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/api"]
