FROM alpine:3.20
ENV PORT=8000 PAYMENT_API_KEY=pk_test_not_a_real_key
COPY api /usr/local/bin/api
USER 10001:10001
ENTRYPOINT ["/usr/local/bin/api"]
