'use client';
import { sparkline, throughput } from '@boocontrol/fleet-model';
import type { HostState } from '@boocontrol/contracts';
import { rate } from '../format/number';
import { useFleetTick, useTick } from '../live';
import { Arc, Bar, Figure } from '../ui/gauges';
import { Eased } from '../ui/Eased';
import { InfoIcon, WarningIcon } from '../ui/icons';
import type { Reading } from '../ui/reading';
import { sparkPath } from '../ui/spark-path';
import { gapWords, isFreshGap } from '../hosts/gap';
import { flightText } from './flight';
import type { GpuView, InstrumentsView } from '../hosts/instruments';

export function GpuRow({ gpu }: { gpu: GpuView }) {
  return (
    <div className="flex items-center gap-2">
      <div className="min-w-0 flex-1">
        <div className="flex items-baseline justify-between gap-2">
          <span className="truncate text-xs text-fg2" title={gpu.name}>
            {gpu.name}
          </span>
          <span className="num text-xs whitespace-nowrap">
            {gpu.used}
            <span className="text-fg3"> / {gpu.total}</span>
            <span className="unit">GB</span>
          </span>
        </div>
        <div className="mt-1.5">
          <Bar label={`VRAM of ${gpu.name}`} text={`${gpu.used} of ${gpu.total} GB`} reading={gpu.vram} />
        </div>
      </div>
      <Arc label="GPU utilisation" reading={gpu.util} />
      <Arc label="GPU temperature" reading={gpu.temp} />
      <Figure label="GPU power" figure={gpu.power} />
    </div>
  );
}

/** Many GPUs: all as one, and below a thin strip of memory for each, so that the card is no taller than with two. */
export function GpuStrips({ all, gpus }: { all: GpuView; gpus: readonly GpuView[] }) {
  return (
    <div className="flex flex-col gap-2">
      <GpuRow gpu={all} />
      <div className="grid grid-cols-8 gap-1">
        {gpus.map(({ id, name, used, total, vram, util, temp, power }) => (
          <div
            key={id}
            title={`${name} #${id}: ${used} of ${total} GB, ${util.value} %, ${temp.value} °C, ${power.value} W`}
          >
            <Bar label={`VRAM of ${name} #${id}`} text={`${used} of ${total} GB`} reading={vram} />
          </div>
        ))}
      </div>
    </div>
  );
}

export function SystemRow({ view }: { view: InstrumentsView }) {
  return (
    <dl className="grid grid-cols-[4.5rem_1fr_auto] gap-4 text-xs">
      <Cell name="CPU" reading={view.cpu} />
      <Cell name="Memory" reading={view.memory} />
      <div>
        <dt className="eyebrow">Network</dt>
        <dd className="num flex gap-2 whitespace-nowrap">
          <span className="min-w-16" title="received">
            <span className="text-fg3" aria-label="received">
              ↓
            </span>{' '}
            {view.net.rx.value}
            <span className="unit">{view.net.rx.unit}</span>
          </span>
          <span className="min-w-16" title="sent">
            <span className="text-fg3" aria-label="sent">
              ↑
            </span>{' '}
            {view.net.tx.value}
            <span className="unit">{view.net.tx.unit}</span>
          </span>
        </dd>
      </div>
    </dl>
  );
}

const LEVEL = { normal: '', high: 'text-busy', critical: 'text-error' } as const;

function Cell({ name, reading }: { name: string; reading: Reading }) {
  return (
    <div>
      <dt className="eyebrow">{name}</dt>
      <dd className={`num whitespace-nowrap ${LEVEL[reading.level]}`}>
        {reading.value}
        <span className="unit">{reading.unit}</span>
      </dd>
    </div>
  );
}

const [WIDTH, HEIGHT] = [240, 36];
/** A line of a few tokens a second must not look like full load. */
const FLOOR_TPS = 10;

/** Tokens per second now and over the last 15 minutes. Its caption has room for a gap of that time. */
export function ThroughputRow({ host }: { host: HostState }) {
  const tps = useFleetTick((nowMs) => Math.round(throughput(host, nowMs).outputTps * 10) / 10);
  const points = useFleetTick((nowMs) =>
    sparkline(host, nowMs)
      .map((value) => value.toFixed(1))
      .join(),
  );
  const { line, area } = sparkPath(points.split(',').map(Number), WIDTH, HEIGHT, FLOOR_TPS);
  const idle = !/[1-9]/.test(points);
  const flight = flightText(host);
  return (
    <div className="h-14">
      <div className="flex h-4 items-center gap-3">
        <p
          className={`num min-w-0 flex-1 truncate text-xs ${host.inflight?.total ? 'text-accent' : 'text-fg3'}`}
          title={flight}
        >
          {flight}
        </p>
        <GapCaption host={host} />
      </div>
      <div className="flex h-10 items-end gap-3">
        <p
          className={`inst w-36 shrink-0 text-xl whitespace-nowrap ${tps === 0 ? 'text-fg3' : ''}`}
          title="Generated tokens per second, on average over the last minute; a request counts when it ends"
        >
          <Eased value={tps} format={rate} />
          <span className="unit">tok/s, 1 min</span>
        </p>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          className={`h-10 min-w-0 flex-1 ${idle ? 'text-line-strong' : 'text-accent'}`}
          role="img"
          aria-label="Tokens per second over the last 15 minutes"
        >
          <title>Tokens per second over the last 15 minutes</title>
          <line x1="0" y1={HEIGHT - 0.5} x2={WIDTH} y2={HEIGHT - 0.5} className="stroke-line" />
          <path d={area} fill="currentColor" opacity="0.14" />
          <path
            d={line}
            fill="none"
            stroke="currentColor"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
            strokeLinejoin="round"
          />
        </svg>
      </div>
    </div>
  );
}

function GapCaption({ host }: { host: HostState }) {
  const { gap } = host;
  const short = useTick((nowMs) => (isFreshGap(gap, nowMs) ? gapWords(gap, nowMs).short : ''));
  const full = useTick((nowMs) => (isFreshGap(gap, nowMs) ? gapWords(gap, nowMs).full : ''));
  if (!short) return <p className="shrink-0 text-2xs text-fg3">last 15 min</p>;
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-2xs text-fg2" title={full}>
      <InfoIcon className="size-3 shrink-0" aria-hidden />
      <span className="truncate">{short}</span>
    </p>
  );
}

/** In the place of the throughput while there is none: why the host is not followed, and what to do. */
export function ReasonRow({ text }: { text: string }) {
  return (
    <p className="flex h-14 items-center gap-2 rounded-md bg-s2 px-3 text-xs" title={text}>
      <WarningIcon className="size-3.5 shrink-0 text-busy" aria-hidden />
      <span className="line-clamp-3 min-w-0 leading-4 [overflow-wrap:anywhere]">{text}</span>
    </p>
  );
}
