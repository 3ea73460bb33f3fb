# The web app: static files. The image copies them into the volume that the gateway serves, then ends.
# Build from the root of the repository: docker build -f deploy/web.Dockerfile -t boocontrol/web .
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.base.json tsconfig.json ./
COPY libs libs
COPY services services
COPY tools tools
COPY benchmarks/package.json benchmarks/package.json
COPY web web
RUN npm ci --no-fund --no-audit
RUN npx tsc -b libs/contracts libs/fleet-model && npm run build --workspace web

FROM busybox:1.37
COPY --from=build /app/web/out /web
CMD ["sh", "-c", "rm -rf /srv/web/* && cp -r /web/. /srv/web/"]
