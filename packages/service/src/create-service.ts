import {
  DEFAULT_NAMESPACE,
  RecommendRequest,
  TENANT_LAYER,
} from "@recsys/contracts";
import { listPointers, listTenants, planUserStates } from "@recsys/store";
import Fastify, { type FastifyInstance } from "fastify";
import Type from "typebox";
import { Acknowledgements } from "./acknowledgements.ts";
import type { ServiceContext } from "./context.ts";
import {
  artifactFolder,
  createContext,
  probeSnapshot,
  type Assembled,
  type ServiceDeps,
} from "./create-context.ts";
import { registerDocs } from "./docs-pages.ts";
import { safeError } from "./http/log-error.ts";
import {
  clientErrorHandler,
  refuseExpectations,
  requireHost,
} from "./http/parser-errors.ts";
import { openApiDocument } from "./http/openapi.ts";
import { toApiError } from "./http/problem.ts";
import { registerRoutes, sendProblem } from "./http/register-routes.ts";
import { jsonRoute, type Route } from "./http/route.ts";
import { LiveUpdates } from "./live-updates.ts";
import { ROUTES } from "./routes/index.ts";
import { SnapshotKeeper } from "./serving/snapshot-keeper.ts";
import type { Place } from "./serving/snapshots.ts";
import { registerStatic } from "./static-pages.ts";
import { LeftUploads } from "./uploads/left-uploads.ts";

/** A service from start to end. */
export interface Service {
  readonly app: FastifyInstance;
  /** Loads snapshots, warms up and keeps current; without listening on a port. */
  open(): Promise<void>;
  /** `open`, then listens as configured; resolves with the address. */
  start(): Promise<{ readonly url: string }>;
  /** Stops taking requests, finishes those under way, ships decisions, saves snapshots. */
  close(): Promise<void>;
}

/** Wires a service; nothing happens before `open` or `start`. */
export function createService(deps: ServiceDeps): Service {
  const assembled = createContext(deps);
  const { context } = assembled;
  const app = createApp(deps, context);
  const updates = new LiveUpdates(context);
  const acknowledgements = new Acknowledgements(context);
  const keeper = new SnapshotKeeper(context, {
    disk: assembled.disk,
    artifactFolder: (tenant) => artifactFolder(deps.config, tenant),
  });
  const leftUploads = new LeftUploads(context);
  const open = async () => {
    await app.ready();
    await context.exports?.removeLeft();
    await loadAll(assembled);
    await updates.start();
    acknowledgements.start();
    context.decisions.start();
    context.deprecations.start();
    keeper.start();
    leftUploads.start();
    await warmUp(context);
    context.readiness.isWarm = true;
  };
  return {
    app,
    open,
    start: async () => {
      await open();
      const { host, port } = deps.config;
      return { url: await app.listen({ host, port }) };
    },
    close: async () => {
      context.readiness.isClosing = true;
      await app.close();
      await leftUploads.close();
      await Promise.all(context.background);
      await updates.close();
      await acknowledgements.close();
      await context.decisions.close();
      await context.deprecations.close();
      await keeper.close();
    },
  };
}

/** The HTTP side: routes without plugins, then the contexts that have some. */
function createApp(
  deps: ServiceDeps,
  context: ServiceContext,
): FastifyInstance {
  const app = Fastify({
    logger: false,
    forceCloseConnections: "idle",
    routerOptions: { maxParamLength: 300 },
    // Node would answer these itself, without a body.
    http: { requireHostHeader: false },
    clientErrorHandler: clientErrorHandler(context),
    frameworkErrors: (error, request, reply) => {
      sendProblem(context, { request, reply }, toApiError(error));
    },
  });
  refuseExpectations(app.server, context);
  app.addHook("onRequest", requireHost);
  const { benchBody } = deps;
  const routes =
    benchBody === undefined ? ROUTES : [...ROUTES, constantRoute(benchBody)];
  registerRoutes(app, context, routes);
  registerDocs(
    app,
    openApiDocument(ROUTES, {
      version: deps.version,
      tenantHeader: deps.config.tenantHeaderName,
    }),
  );
  if (deps.staticDir !== undefined) registerStatic(app, deps.staticDir);
  return app;
}

/** The same admission, parsing, checks and size as a list, and nothing else: what measurements compare with. */
function constantRoute(body: string): Route {
  return jsonRoute({
    name: "constant",
    method: "POST",
    url: "/v1/_constant",
    permission: "recommend:read",
    tag: "lists",
    summary: "A constant, for measurements.",
    body: RecommendRequest,
    answer: Type.Unknown(),
    handle: () => ({
      text: { type: "application/json; charset=utf-8", value: body },
    }),
  });
}

/** Every namespace of every tenant that has something live; from disk while the database is away. */
async function loadAll({ context, disk }: Assembled): Promise<void> {
  const places = await livePlaces(context).catch(async (error: unknown) => {
    context.log.error({ part: "start", err: safeError(error) });
    return disk.list();
  });
  for (const { tenant, namespace } of places) {
    await context.snapshots
      .ensure(tenant, namespace)
      .then(() => context.tenants.get(tenant))
      .catch((error: unknown) => {
        context.log.error({ tenant, namespace, err: safeError(error) });
      });
  }
}

async function livePlaces({ store }: ServiceContext): Promise<Place[]> {
  const tenants = await store.tenantless((db) => listTenants(db));
  const places: Place[] = [];
  for (const { tenantId } of tenants) {
    const pointers = await store.inTenant(tenantId, (tx) => listPointers(tx));
    const namespaces = pointers.map((pointer) => pointer.namespace);
    for (const namespace of new Set([DEFAULT_NAMESPACE, ...namespaces])) {
      if (namespace !== TENANT_LAYER) {
        places.push({ tenant: tenantId, namespace });
      }
    }
  }
  return places;
}

const WARM_UP_LISTS = 50;

/** The first real requests find compiled code and open connections. */
async function warmUp({ snapshots, store }: ServiceContext): Promise<void> {
  for (const { loaded } of snapshots.states()) {
    for (let i = 0; i < WARM_UP_LISTS; i++) probeSnapshot(loaded.snapshot);
  }
  // Without a database there is nothing to warm up for.
  await store.warmUp(planUserStates).catch(() => undefined);
}
