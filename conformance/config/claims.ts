/*
 * What of a proxy's configuration is not compared. Printed with the result of each run.
 */
export const NOT_CLAIMED: readonly string[] = [
  'what every proxy has: the listeners 15001, 15006, 15021 and 15090, and the clusters that are no service of the mesh',
  'what a sidecar does with requests that come in',
  "what a sidecar's listener does with connections for which it has no filter chain, and by which bytes it knows HTTP",
  'the order of listeners, filter chains, domains and clusters, and the order of endpoints',
  'of clusters of AUTO_PASSTHROUGH all, and their filter chains for subsets',
  'settings of TLS, load balancing, connection pools, outlier detection, how long a connection may take',
  'headers that a route adds or removes, hash policies, filters, statistics, tracing, upgrades',
  'endpoints that DNS knows, their weights and places; ports of endpoints that differ among those of one cluster',
  'hosts that mean one thing or another by chance, and the listeners and route configurations in which they are',
  'which of several addresses of a ServiceEntry is among the domains, and whose, where several hosts share one: that is chance, too',
  'the same of hosts of a ServiceEntry with resolution NONE behind which another object of its namespace has pods',
  'whether an ExternalName Service that a rule for a wildcard covers has a virtual host, or only a name in that of its target: chance',
  'sidecars whose Sidecar object the library does not work out',
];
