import { ApiError, ERRORS } from "@recsys/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  authenticate,
  requirePermission,
  type AuthOptions,
  type Caller,
} from "../auth/authenticate.ts";
import type { ServiceContext } from "../context.ts";
import { sendAnswer } from "./answers.ts";
import { addBodyParsers, addFileParser, BODY_LIMITS } from "./body-parsers.ts";
import { callChecker } from "./check-call.ts";
import { once } from "./idempotency.ts";
import { safeError } from "./log-error.ts";
import { hangUp } from "./parser-errors.ts";
import { toApiError, toProblem } from "./problem.ts";
import { makeRequestId } from "./request-id.ts";
import type { Answer, Route } from "./route.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Who sends the request; null on public routes. */
    caller: Caller | null;
    /** Names the request in answers, logs and the decision log. */
    requestId: string;
    startedAt: number;
  }
}

/** Registers routes without any plugin; each context of files and of JSON has its own body parsers. */
export function registerRoutes(
  app: FastifyInstance,
  context: ServiceContext,
  routes: readonly Route[],
): void {
  app.decorateRequest("caller", null);
  app.decorateRequest("requestId", "");
  app.decorateRequest("startedAt", 0);
  app.setErrorHandler((error, request, reply) =>
    sendProblem(
      context,
      { request, reply },
      hangUp(request.raw, error) ?? toApiError(error),
    ),
  );
  app.setNotFoundHandler((request, reply) => {
    const allowed = allowedMethods(request, routes);
    if (allowed.length === 0) {
      return sendProblem(
        context,
        { request, reply },
        new ApiError("NOT_FOUND"),
      );
    }
    void reply.header("allow", allowed.join(", "));
    const error = new ApiError("METHOD_NOT_ALLOWED", {
      detail: `This address takes ${allowed.join(", ")}.`,
    });
    return sendProblem(context, { request, reply }, error);
  });
  void app.register((scope, _options, done) => {
    addBodyParsers(scope);
    for (const route of routes) {
      if (route.bodyKind !== "file") registerRoute(scope, context, route);
    }
    done();
  });
  void app.register((scope, _options, done) => {
    addFileParser(scope);
    for (const route of routes) {
      if (route.bodyKind === "file") registerRoute(scope, context, route);
    }
    done();
  });
}

function registerRoute(
  app: FastifyInstance,
  context: ServiceContext,
  route: Route,
): void {
  const check = callChecker(route);
  const limit = route.bodyKind === "none" ? "json" : route.bodyKind;
  app.route({
    method: route.method,
    url: route.url,
    bodyLimit: BODY_LIMITS[limit],
    exposeHeadRoute: false,
    onRequest: admission(context, route),
    handler: async (request, reply) => {
      const answer = await handle(context, route, {
        request,
        reply,
        checked: check(request),
      });
      measure(context, request, answer.status ?? route.answerStatus);
      return sendAnswer(reply, route, answer);
    },
  });
}

/** Who is it, and may they? Before the body is read. */
function admission(context: ServiceContext, route: Route) {
  const options = authOptions(context);
  return (
    request: FastifyRequest,
    _reply: FastifyReply,
    done: (error?: Error) => void,
  ): void => {
    request.startedAt = performance.now();
    if (route.permission === "public") {
      request.requestId = makeRequestId(null, context.clock());
      done();
      return;
    }
    try {
      const caller = authenticate(request.headers, options);
      if (!(caller instanceof Promise)) {
        admit(context, route, { request, caller });
        done();
        return;
      }
      caller
        .then(async (found) => {
          admit(context, route, { request, caller: found });
          await context.tenants.get(found.tenant);
        })
        .then(
          () => {
            done();
          },
          (error: unknown) => {
            done(error as Error);
          },
        );
    } catch (error) {
      done(error as Error);
    }
  };
}

function admit(
  context: ServiceContext,
  route: Route,
  seen: { readonly request: FastifyRequest; readonly caller: Caller },
): void {
  const { request, caller } = seen;
  request.caller = caller;
  request.requestId = makeRequestId(caller.tenant, context.clock());
  if (route.permission !== "public") {
    requirePermission(caller, route.permission);
  }
}

function authOptions(context: ServiceContext): AuthOptions {
  const { config, keys } = context;
  return {
    findKey: (key) => keys.find(key),
    apiKeyEnabled: config.apiKeyEnabled,
    devAuthEnabled: config.devAuthEnabled,
    tenantHeader: config.tenantHeaderName.toLowerCase(),
  };
}

/** Public routes have nobody; they must not look. */
const NOBODY: Caller = {
  tenant: "",
  role: "viewer",
  principal: { id: "", kind: "service" },
};

async function handle(
  context: ServiceContext,
  route: Route,
  seen: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly checked: ReturnType<ReturnType<typeof callChecker>>;
  },
): Promise<Answer> {
  const { request, reply, checked } = seen;
  const { headers } = request;
  const caller = request.caller ?? NOBODY;
  if (caller !== NOBODY && context.tenants.peek(caller.tenant) === undefined) {
    await context.tenants.get(caller.tenant);
  }
  const call = {
    context,
    caller,
    requestId: request.requestId,
    headers,
    hasLeft: () => reply.raw.destroyed,
    ...checked,
  };
  if (!route.isCreating || route.bodyKind === "file") {
    return route.handle(call);
  }
  const facts = { tenant: caller.tenant, route: route.name, headers };
  return once(context, { ...facts, content: checked }, () =>
    route.handle(call),
  );
}

/** Methods of the routes at this address. */
function allowedMethods(
  request: FastifyRequest,
  routes: readonly Route[],
): string[] {
  const path = request.url.split("?")[0] ?? "";
  const methods = routes
    .filter((route) => matches(route.url, path))
    .map((route) => route.method);
  return [...new Set(methods)];
}

function matches(url: string, path: string): boolean {
  const wanted = url.split("/");
  const given = path.split("/");
  return (
    wanted.length === given.length &&
    wanted.every((part, i) => part.startsWith(":") || part === given[i])
  );
}

/** The one place where errors become answers. */
export function sendProblem(
  context: ServiceContext,
  seen: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  error: ApiError,
): FastifyReply {
  const { request, reply } = seen;
  const { status } = ERRORS[error.code];
  // An address that cannot be decoded has no route, and a request without what routes add.
  if (!request.requestId) {
    request.requestId = makeRequestId(null, context.clock());
  }
  const line = {
    request_id: request.requestId,
    route: request.routeOptions.url,
    code: error.code,
  };
  if (status >= 500) {
    context.log.error({ ...line, err: safeError(error.cause ?? error) });
  } else {
    context.log.debug(line);
  }
  measure(context, request, status);
  const { retryAfterSeconds } = error.facts;
  if (error.code === "UNAUTHENTICATED") {
    void reply.header("www-authenticate", "Bearer");
  }
  if (retryAfterSeconds !== undefined || status === 503 || status === 429) {
    void reply.header("retry-after", String(retryAfterSeconds ?? 1));
  }
  return reply
    .status(status)
    .type("application/problem+json; charset=utf-8")
    .send(JSON.stringify(toProblem(error, request.requestId)));
}

function measure(
  context: ServiceContext,
  request: FastifyRequest,
  status: number,
): void {
  const route = request.routeOptions.url ?? "none";
  context.metrics.requests.inc({ route, status: String(status) });
  if (!request.startedAt) return;
  const seconds = (performance.now() - request.startedAt) / 1000;
  context.metrics.seconds.observe({ route }, seconds);
}
