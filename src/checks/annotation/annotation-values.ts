/*
 * Which values Istio can read in its annotations. No finer than what its injection itself refuses (`AnnotationValidation`).
 */

interface Values {
  readonly annotations: readonly string[];
  readonly accepts: (value: string) => boolean;
  /** What is expected, and an example. */
  readonly expected: string;
  readonly example: string;
}

const PORT_OR_RANGE = /^\d{1,5}(-\d{1,5})?$/;
const RANGE = /^[\da-fA-F.:]+(\/\d{1,3})?$/;
const READINESS = 'readiness.status.sidecar.istio.io';
const TRAFFIC = 'traffic.sidecar.istio.io';

const VALUES: readonly Values[] = [
  {
    annotations: [
      ...['inject', 'rewriteAppHTTPProbers', 'statsCompression', 'nativeSidecar'].map(
        (key) => `sidecar.istio.io/${key}`,
      ),
      ...['bypass-inbound-capture', 'dns-capture'].map((key) => `ambient.istio.io/${key}`),
      'prometheus.istio.io/merge-metrics',
    ],
    accepts: (value) => /^(true|false|1|0|t|f|y|yes|n|no|on|off)$/i.test(value),
    expected: 'true or false',
    example: '"true"',
  },
  {
    annotations: [
      ...['initialDelaySeconds', 'periodSeconds', 'failureThreshold'].map((key) => `${READINESS}/${key}`),
      'status.sidecar.istio.io/port',
    ],
    accepts: (value) => /^\d+$/.test(value),
    expected: 'a whole number',
    example: '"15021"',
  },
  {
    annotations: [
      ...['InboundPorts', 'OutboundPorts'].flatMap((ports) => [
        `${TRAFFIC}/include${ports}`,
        `${TRAFFIC}/exclude${ports}`,
      ]),
      `${READINESS}/applicationPorts`,
    ],
    accepts: listOfAll((item) => item === '*' || PORT_OR_RANGE.test(item)),
    expected: "ports separated by ',', or '*'",
    example: '"80,8080"',
  },
  {
    annotations: [`${TRAFFIC}/includeOutboundIPRanges`, `${TRAFFIC}/excludeOutboundIPRanges`],
    accepts: listOfAll((item) => item === '*' || RANGE.test(item)),
    expected: "address ranges separated by ',', or '*'",
    example: '"10.0.0.0/8"',
  },
  {
    annotations: ['CPU', 'CPULimit', 'Memory', 'MemoryLimit'].map((what) => `sidecar.istio.io/proxy${what}`),
    accepts: (value) => /^\d+(\.\d+)?(m|[kKMGTPE]i?)?$/.test(value),
    expected: 'a resource quantity',
    example: '"100m" or "128Mi"',
  },
];

/** What Istio expects in place of the value; undefined where Istio can read the value. An empty value counts as none. */
export function expectedInstead(annotation: string, value: string): Pick<Values, 'expected' | 'example'> | undefined {
  const values = VALUES.find(({ annotations }) => annotations.includes(annotation));
  return value === '' || values?.accepts(value.trim()) !== false ? undefined : values;
}

function listOfAll(accepts: (item: string) => boolean): (value: string) => boolean {
  return (value) => value.split(',').every((item) => item.trim() === '' || accepts(item.trim()));
}
