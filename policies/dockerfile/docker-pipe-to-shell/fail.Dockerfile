FROM alpine:3.20
RUN curl -fsSL https://get.example.com/install.sh | sh
COPY api /usr/local/bin/api
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/api"]
