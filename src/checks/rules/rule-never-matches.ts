/*
 * Matches that no request can fulfil, whatever comes before them: conditions that contradict each other, values that the part of
 * a request can never have, and ports on which the gateways do not serve the hosts.
 *
 * Not here: a `withoutHeaders` that excludes every value (without-headers-surprise) and `match.gateways` that are not listed
 * (match-gateway-not-listed).
 */
import type { HttpMatch } from '../../model/http-route';
import type { MeshModel } from '../../model/model';
import { MESH_GATEWAY } from '../../model/naming';
import { headerSubject } from '../../predicate/match/header';
import { isConfigTime } from '../../predicate/match/origin';
import { shown } from '../../predicate/match/value';
import type { Predicate, Subject } from '../../predicate/predicate';
import { rulePorts } from '../../proxy/rule-ports';
import { isWildcard } from '../../syntax/hosts';
import { listOf } from '../../syntax/wording';
import type { Check, Report } from '../check';
import { Severity } from '../finding';
import {
  type RuleMatch,
  type RuleTable,
  type RuleTables,
  requestPredicateOf,
  ruleTablesOf,
} from '../shared/rule-table';
import { matchInWords } from '../shared/rule-words';
import { writtenMatchesOf } from '../shared/written-matches';
import { excludesEverything } from './without-headers-surprise';

export const ruleNeverMatches: Check = {
  id: 'rule-never-matches',
  title: 'A match that no request can fulfil',
  severity: Severity.ERROR,
  istio: [],
  kiali: [],
  run(mesh, report) {
    const tables = ruleTablesOf(mesh);
    const impossible = new Set<string>();
    for (const { match } of writtenMatchesOf(mesh)) {
      const subject = emptySubject(requestPredicateOf(match, tables), tables);
      if (subject !== undefined) {
        impossible.add(idOf(match));
        if (!match.withoutHeaders.some((one) => excludesEverything(one.match, tables))) {
          report({ object: match.object, ...contradiction(match, subject) });
        }
      } else {
        reportUnlikely(match, report);
      }
    }
    for (const { rules } of tables.tables) {
      for (const one of rules.flatMap(({ matches }) => matches)) {
        if (one.match !== undefined && !impossible.has(idOf(one.match))) {
          examinePlace(one, one.match, mesh, tables, report);
        }
      }
    }
  },
};

function idOf({ object, path }: HttpMatch): string {
  return `${object.namespace}/${object.name} ${path}`;
}

/** The part of the request for which no value is left. */
function emptySubject(predicate: Predicate, { solver }: RuleTables): Subject | undefined {
  if (!solver.isEmpty(predicate)) {
    return undefined;
  }
  return [...predicate.sets.keys()].find((subject) => solver.isEmpty(predicate.dropping((other) => other !== subject)));
}

function contradiction(match: HttpMatch, subject: Subject): { path: string; message: string; help: string } {
  if (subject === 'uri' && match.uri !== undefined) {
    return impossibleUri(match);
  }
  if (subject === 'header :status') {
    return {
      path: match.path,
      message: 'Only responses have :status, so no request ever fulfils this match.',
      help: 'Remove :status from the match. A response cannot choose the route of its own request.',
    };
  }
  const [, name = subject] = subject.split(/ (.*)/);
  const written = [...match.headers, ...match.withoutHeaders].filter((one) => headerSubject(one.name) === subject);
  const path = written.length > 0 ? written[written.length - 1].match.path : match.path;
  return written.length > 1 || (written.length === 1 && !subject.startsWith('header '))
    ? {
        path,
        message: `No request fulfils this match: what it asks of ${name} contradicts itself (${matchInWords(match)}), and all conditions of one match must hold.`,
        help: 'Remove one of the conditions. If one of them is enough, write two matches, each as a list item of its own.',
      }
    : {
        path: match.path,
        message: `No request fulfils this match: no request has such a ${name} (${matchInWords(match)}).`,
        help:
          subject === 'scheme'
            ? "The scheme of a request is 'http' or 'https', in lower case."
            : `Write a value that ${name} can have.`,
      };
}

function impossibleUri({ path, uri }: HttpMatch): { path: string; message: string; help: string } {
  const { kind = 'exact', value = '' } = uri ?? {};
  const hasQuery = value.startsWith('/') && kind !== 'regex';
  return {
    path: `${path}.uri.${kind}`,
    message: hasQuery
      ? `No request fulfils this match: uri is compared with the path alone, without the query, so it never contains '?' or '#' as ${shown(value)} does.`
      : `No request fulfils this match: every path begins with '/', and ${shown(value)} does not.`,
    help: hasQuery
      ? `Write 'uri: {${kind}: ${value.split(/[?#]/)[0]}}', and the rest as queryParams.`
      : kind === 'regex'
        ? `Begin the pattern with '/', or with '.*' for anything in front: the pattern is compared with the whole path.`
        : `Write '/${value.replace(/^[^A-Za-z0-9]+/, '')}'.`,
  };
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH']);

/** Fields of a match that look like headers, and what they are. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['uri', 'path'],
  ['scheme', 'scheme'],
  ['method', 'method'],
  ['authority', 'host'],
]);

/** What clients could send in theory, and do not. */
function reportUnlikely(match: HttpMatch, report: Report): void {
  const { object, method } = match;
  if (method?.kind === 'exact' && !METHODS.has(method.value) && METHODS.has(method.value.toUpperCase())) {
    report({
      object,
      path: `${method.path}.exact`,
      severity: Severity.WARNING,
      message: `Methods are case-sensitive and sent in upper case, so the method '${method.value}' matches no ${method.value.toUpperCase()} request.`,
      help: `Write '${method.value.toUpperCase()}'.`,
    });
  }
  for (const { name, match: value } of match.headers) {
    const meant = FIELDS.get(name.toLowerCase());
    if (meant !== undefined) {
      report({
        object,
        path: value.path,
        severity: Severity.WARNING,
        message: `Under headers, ${name} is a header of that name, not the ${meant} of the request. Hardly any client sends such a header, and without it the match does not hold.`,
        help: `Move ${name.toLowerCase()} out of headers: it is a field of the match itself, beside headers.`,
      });
    }
    if (value.kind === 'exact' && value.value === '') {
      report({
        object,
        path: `${value.path}.exact`,
        severity: Severity.WARNING,
        message: `An exact value of '' matches only a request that sends ${name} with an empty value. A request without the header, or with a value, does not match.`,
        help: `Write '${name}: {}' for a request that has the header, or 'withoutHeaders: {${name}: {}}' for one without it.`,
      });
    }
  }
}

/** What is impossible only because of the hosts and gateways of the VirtualService. */
function examinePlace(one: RuleMatch, match: HttpMatch, mesh: MeshModel, tables: RuleTables, report: Report): void {
  const { universe, virtualService } = one.rule.table;
  const request = universe.andAll(one.predicate).dropping(isConfigTime);
  if (match.authority !== undefined && tables.solver.isEmpty(request)) {
    const hosts = virtualService.hosts.map(({ written }) => written);
    report({
      object: match.object,
      path: match.authority.path,
      message: `No request fulfils this match: it asks for authority ${match.authority.kind} ${shown(match.authority.value)}, and only requests for ${listOf(hosts, 'or')} come to this VirtualService.`,
      help: `Add the host to spec.hosts, or match one that ${hosts.some(isWildcard) ? 'they cover' : 'is listed there'}.`,
    });
  }
  if (match.port > 0) {
    examinePort(match, servingPortsOf(one.rule.table.virtualService, match, mesh), report);
  }
}

function examinePort(match: HttpMatch, served: ServedPorts | undefined, report: Report): void {
  if (served === undefined || served.ports.includes(match.port)) {
    return;
  }
  const { by, ports } = served;
  report({
    object: match.object,
    path: `${match.path}.port`,
    message: `The match is for port ${match.port}, and ${by} ${ports.length === 0 ? 'no port' : `port ${listOf(ports.map(String))} only`}. No proxy ever gets this match.`,
    help:
      ports.length === 0
        ? 'Remove the port.'
        : `Write 'port: ${ports[0]}': the number that the Gateway's server or the Service has, not the targetPort behind it. Or remove the port, to match on all.`,
  });
}

interface ServedPorts {
  readonly ports: readonly number[];
  /** Who serves them, with the verb. */
  readonly by: string;
}

/** The ports on which requests for the match can come in; undefined where they are not all known. */
function servingPortsOf(
  virtualService: RuleTable['virtualService'],
  match: HttpMatch,
  mesh: MeshModel,
): ServedPorts | undefined {
  const refs = virtualService.boundTo.filter((ref) => match.gateways.length === 0 || match.gateways.includes(ref));
  const ports = refs.map((ref) => rulePorts(mesh, virtualService, ref));
  if (refs.length === 0 || ports.includes(undefined)) {
    return undefined;
  }
  const inMesh = refs.includes(MESH_GATEWAY);
  const by = !inMesh
    ? 'its gateways serve the hosts on'
    : refs.length === 1
      ? 'sidecars have rules for the hosts on'
      : 'its gateways and sidecars have rules for the hosts on';
  return { ports: [...new Set(ports.flatMap((each) => each ?? []))], by };
}
