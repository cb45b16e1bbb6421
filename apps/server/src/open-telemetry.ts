import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { hostname } from "node:os";
import {
  type Attributes as OtelAttributes,
  type Context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span as OtelSpan,
  SpanKind,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { defaultResource, resourceFromAttributes, detectResources, envDetector } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { MeterProvider, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { AppError } from "@finops/kernel/app-error";
import {
  type Attributes,
  type CounterName,
  type GaugeName,
  type HistogramName,
  metrics,
  type Telemetry,
} from "@finops/platform/observe/telemetry";
import type { TelemetrySettings } from "./read-telemetry.ts";

export interface OpenedTelemetry {
  telemetry: Telemetry;
  /** Fields for every line of the log that is written now. */
  logFields(): Record<string, string>;
  /** Takes a line of the log, as JSON; null where logs are not sent. */
  sendLog: ((line: string) => void) | null;
  /** Where Prometheus reads; null for nowhere. */
  metricsUrl: string | null;
  /** Sends what is still here. */
  close(): Promise<void>;
}

const spanKinds = { server: SpanKind.SERVER, consumer: SpanKind.CONSUMER, client: SpanKind.CLIENT };
const severities: Record<number, SeverityNumber> = {
  10: SeverityNumber.TRACE,
  20: SeverityNumber.DEBUG,
  30: SeverityNumber.INFO,
  40: SeverityNumber.WARN,
  50: SeverityNumber.ERROR,
  60: SeverityNumber.FATAL,
};
// From one millisecond of a small statement to the half minute that a query may take; imports take longer.
const seconds = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120, 600];

/** Traces, figures and logs by OpenTelemetry. Nothing is registered for the whole process, so a test has its own. */
export async function openTelemetry(settings: TelemetrySettings, role: string): Promise<OpenedTelemetry> {
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({
        "service.name": "finops",
        "service.instance.id": `${hostname()} ${process.pid}`,
        "finops.role": role,
      }),
    )
    // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES have the last word.
    .merge(detectResources({ detectors: [envDetector] }));
  const { isSent } = settings;
  const spans = new BasicTracerProvider({
    resource,
    spanProcessors: isSent ? [new BatchSpanProcessor(new OTLPTraceExporter())] : [],
  });
  const prometheus = settings.metrics === null ? null : await startPrometheus(settings.metrics);
  const figures = new MeterProvider({
    resource,
    readers: [
      ...(prometheus === null ? [] : [prometheus.reader]),
      ...(isSent ? [new PeriodicExportingMetricReader({ exporter: new OTLPMetricExporter() })] : []),
    ],
  });
  const logs = isSent
    ? new LoggerProvider({ resource, processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })] })
    : null;
  const now = new AsyncLocalStorage<Context>();
  const tracer = spans.getTracer("finops");
  const current = () => trace.getSpanContext(now.getStore() ?? ROOT_CONTEXT);
  const told = (attributes: Attributes): OtelAttributes => {
    const { tenant, ...rest } = attributes;
    if (tenant === undefined) return rest;
    return { ...rest, tenant: settings.tenants === "id" ? tenant : hashOf(String(tenant)) };
  };
  const instruments = createInstruments(figures);

  const telemetry: Telemetry = {
    async span(name, { kind, attributes = {}, root }, work) {
      const parent = root === undefined ? (now.getStore() ?? ROOT_CONTEXT) : ROOT_CONTEXT;
      const options = {
        kind: kind === undefined ? SpanKind.INTERNAL : spanKinds[kind],
        attributes: told(attributes),
        links: linksTo(root?.link ?? null),
      };
      const span = tracer.startSpan(name, options, parent);
      try {
        return await now.run(trace.setSpan(parent, span), () =>
          work({ set: (more) => void span.setAttributes(told(more)) }),
        );
      } catch (error) {
        markFailed(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    record: (name, value, attributes) => instruments.histogram(name).record(value, told(attributes)),
    add: (name, by, attributes) => instruments.counter(name).add(by, told(attributes)),
    watch: (names, read) => instruments.watch(names, read),
    traceparent() {
      const place = current();
      return place === undefined || !isSpanContextValid(place)
        ? null
        : `00-${place.traceId}-${place.spanId}-0${place.traceFlags & 1}`;
    },
  };
  const logger = logs?.getLogger("finops");
  return {
    telemetry,
    logFields() {
      const place = current();
      return place === undefined ? {} : { traceId: place.traceId, spanId: place.spanId };
    },
    sendLog:
      logger === undefined
        ? null
        : (line) => {
            const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: string; msg?: string };
            logger.emit({
              timestamp: Date.parse(time),
              severityNumber: severities[level] ?? SeverityNumber.UNSPECIFIED,
              body: msg ?? "",
              attributes: { fields: JSON.stringify(rest) },
              context: now.getStore() ?? ROOT_CONTEXT,
            });
          },
    metricsUrl: prometheus?.url ?? null,
    async close() {
      // Where the collector is away, that must not keep the process.
      prometheus?.stop();
      await Promise.allSettled([spans.shutdown(), figures.shutdown(), logs?.shutdown()]);
    },
  };
}

interface Prometheus {
  reader: PrometheusExporter;
  url: string;
  stop(): void;
}

/** Serves the figures at a port of their own, and nothing else. */
async function startPrometheus({ port, host }: { port: number; host: string }): Promise<Prometheus> {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const server = createServer((request, response) => {
    if (request.url === "/metrics") reader.getMetricsRequestHandler(request, response);
    else response.writeHead(404).end();
  });
  server.listen(port, host);
  await once(server, "listening").catch((cause: unknown) => {
    const sentence = `FINOPS_METRICS_PORT=${port} cannot be listened on at ${host}. Choose another one.`;
    throw new AppError("precondition", sentence, { cause });
  });
  const { port: taken } = server.address() as AddressInfo;
  return { reader, url: `http://${host}:${taken}/metrics`, stop: () => void server.close() };
}

function createInstruments(figures: MeterProvider) {
  const meter = figures.getMeter("finops");
  const options = (name: keyof typeof metrics) => ({ unit: metrics[name].unit, description: metrics[name].about });
  const byName = <N extends keyof typeof metrics, T>(kind: string, make: (name: N) => T) =>
    new Map(
      (Object.keys(metrics) as N[]).filter((name) => metrics[name].kind === kind).map((name) => [name, make(name)]),
    );
  const histograms = byName<HistogramName, ReturnType<typeof meter.createHistogram>>("histogram", (name) =>
    meter.createHistogram(name, { ...options(name), advice: { explicitBucketBoundaries: seconds } }),
  );
  const counters = byName<CounterName, ReturnType<typeof meter.createCounter>>("counter", (name) =>
    meter.createCounter(name, options(name)),
  );
  const gauges = byName<GaugeName, ReturnType<typeof meter.createObservableGauge>>("gauge", (name) =>
    meter.createObservableGauge(name, options(name)),
  );
  return {
    histogram: (name: HistogramName) => histograms.get(name)!,
    counter: (name: CounterName) => counters.get(name)!,
    watch(...[names, read]: Parameters<Telemetry["watch"]>) {
      meter.addBatchObservableCallback(
        async (result) => {
          const readings = await read();
          for (const name of names)
            for (const [value, attributes] of readings[name] ?? [])
              result.observe(gauges.get(name)!, value, attributes);
        },
        names.map((name) => gauges.get(name)!),
      );
    },
  };
}

/** The link from work to the request that queued it. */
function linksTo(traceparent: string | null): Link[] {
  const [, traceId, spanId, flags] = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(traceparent ?? "") ?? [];
  if (traceId === undefined || spanId === undefined) return [];
  return [{ context: { traceId, spanId, traceFlags: Number.parseInt(flags!, 16), isRemote: true } }];
}

/** By its kind alone: a sentence may quote what people typed. */
function markFailed(span: OtelSpan, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  const kind = error instanceof AppError ? error.code : error instanceof Error ? error.name : typeof error;
  span.setAttribute("error.type", kind);
}

function hashOf(tenantId: string): string {
  return createHash("sha256").update(tenantId).digest("hex").slice(0, 16);
}
