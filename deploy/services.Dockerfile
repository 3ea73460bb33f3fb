# All services: one image, the command picks the service.
# Build from the root of the repository: docker build -f deploy/services.Dockerfile -t boocontrol/services .
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc tsconfig.base.json tsconfig.json ./
COPY libs libs
COPY services services
COPY tools tools
COPY benchmarks/package.json benchmarks/package.json
COPY web/package.json web/package.json
RUN npm ci --no-fund --no-audit
RUN npx tsc -b services/*
RUN npm prune --omit=dev --no-fund --no-audit

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/libs libs
COPY --from=build /app/services services
USER node
CMD ["node", "services/gateway/dist/main.js"]
