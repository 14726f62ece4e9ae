# One image with every program of production as a command, and one with the embedded chain:
#   docker build -t abland .                          docker run abland api | indexer | projector | worker | migrate | abland …
#   docker build -t abland-chain --target chain .     docker run abland-chain
# Equal sources give equal layers: packages come from the lock file, and files have the time of SOURCE_DATE_EPOCH.
# Behind a proxy with a certificate of its own: --secret id=ca,src=/etc/ssl/certs/ca-certificates.crt; with an npm registry of one's own:
# --secret id=npmrc,src=$HOME/.npmrc. Needs BuildKit. How it is run: docs/deploy.md.
ARG NODE_IMAGE=node:24-bookworm-slim

# What npm installs is of these files alone, so that another change of the sources installs nothing.
FROM ${NODE_IMAGE} AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name package.json ! -name package-lock.json ! -name .npmrc -delete

FROM ${NODE_IMAGE} AS build
WORKDIR /src
COPY --from=manifests /src .
RUN --mount=type=secret,id=ca --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm \
    if [ -s /run/secrets/ca ]; then export NODE_EXTRA_CA_CERTS=/run/secrets/ca; fi; \
    npm ci --ignore-scripts --no-audit --no-fund
COPY . .
ARG SOURCE_DATE_EPOCH=0
RUN npm run --silent build \
    && node deploy/docker/assemble.mjs /out/programs programs \
    && node deploy/docker/assemble.mjs /out/chain chain \
    && mkdir -p /out/data \
    && find /out -exec touch --no-dereference --date=@${SOURCE_DATE_EPOCH} {} +

FROM ${NODE_IMAGE} AS runtime
# Node's own group and user, by number: what forbids root cannot look a name up.
USER 1000:1000
WORKDIR /app
# No NODE_COMPILE_CACHE: what Node keeps of compiling differs from one time to the next, and layers would; a container's root is read-only.
ENV NODE_ENV=production
# As npm's commands have it: a quarter of the heap's young part that Node would take, and half as much garbage.
ENTRYPOINT ["node", "--enable-source-maps", "--max-semi-space-size=16", "--heap-growing-percent=50", "/app/run.mjs"]
STOPSIGNAL SIGTERM

FROM runtime AS chain
LABEL org.opencontainers.image.title="AB.LAND, the embedded chain" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build --chown=1000:1000 /out/data /data
COPY --from=build /out/chain /app
# Its accounts are public: for development and tests.
ENV NODE_ENV=development ABLAND_DATA_DIR=/data
VOLUME /data
EXPOSE 8545
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["node", "/app/health.mjs", "chain"]
CMD ["chain", "--host", "0.0.0.0"]

FROM runtime AS programs
LABEL org.opencontainers.image.title="AB.LAND" org.opencontainers.image.licenses="Apache-2.0"
COPY --from=build /out/programs /app
EXPOSE 4000
# Of what is started by `migrate` or `abland` nothing is healthy or not: it ends.
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s CMD ["node", "/app/health.mjs"]
