/*
 * Who may call a service.
 */
import type { Construct } from 'constructs';
import { complaintAboutDnsLabel, complaintAboutDnsName } from '../../syntax/names';
import { checkLabels } from '../objects/object-options';
import { refuseIf, show } from '../objects/refuse';
import { list, made, map, required, Struct, text } from '../objects/struct';

/**
 * By what a service knows a caller.
 */
export interface CallerIdentity {
  /**
   * The namespace of its pods.
   */
  readonly namespace: string;

  /**
   * The ServiceAccounts of its pods.
   *
   * @default - every one of the namespace
   */
  readonly serviceAccounts?: string[];

  /**
   * Labels of its pods, for NetworkPolicies, which know no ServiceAccounts.
   *
   * @default - every pod of the namespace
   */
  readonly podLabels?: { readonly [key: string]: string };
}

/**
 * A workload that calls services of the mesh.
 */
export interface ICaller {
  /**
   * By what services know it; asked for at synthesis.
   */
  callerIdentity(): CallerIdentity;
}

/**
 * A caller that this app does not make, by its ServiceAccount or its namespace. It needs a sidecar: without one it cannot
 * show who it is, and no service lets it in.
 */
export class Caller implements ICaller {
  /**
   * The pods that run under one ServiceAccount. NetworkPolicies know no accounts, and let in the whole namespace for it; the
   * AuthorizationPolicy lets in the account only.
   *
   * @param namespace The namespace of the account, as in `monitoring`.
   * @param name The name of the account, as in `prometheus`.
   * @throws Error when one of them is not such a name.
   */
  public static serviceAccount(namespace: string, name: string): Caller {
    refuseName('serviceAccount', 'namespace', namespace, complaintAboutDnsLabel(namespace));
    refuseName('serviceAccount', 'name', name, complaintAboutDnsName(name));
    return new Caller({ namespace, serviceAccounts: [name] });
  }

  /**
   * All pods of a namespace. Whoever may make pods there may call.
   *
   * @param name The name of the namespace, as in `batch`.
   * @throws Error when it is not such a name.
   */
  public static namespace(name: string): Caller {
    refuseName('namespace', 'name', name, complaintAboutDnsLabel(name));
    return new Caller({ namespace: name });
  }

  private constructor(private readonly identity: CallerIdentity) {}

  /** By what services know it. */
  public callerIdentity(): CallerIdentity {
    return CALLER_IDENTITY.copy(this.identity);
  }
}

const CALLER_IDENTITY = new Struct<CallerIdentity>("{ namespace: 'shop' }", {
  namespace: required(text, 'services know a caller by the namespace of its pods'),
  serviceAccounts: list(text, "['shop']"),
  podLabels: map(text, "{ app: 'shop' }"),
});

/** What a caller of whatever class answers, held against what policies can say. */
export function identityOf(asking: Construct, caller: ICaller): CallerIdentity {
  const identity = CALLER_IDENTITY.read(asking, 'callerIdentity', caller.callerIdentity());
  const { namespace, serviceAccounts = [], podLabels = {} } = identity;
  refuseIf(asking, 'callerIdentity.namespace', namespace, complaintAboutDnsLabel(namespace));
  for (const account of serviceAccounts) {
    // Policies take a '*' for more than a name.
    refuseIf(asking, 'callerIdentity.serviceAccounts', account, complaintAboutDnsName(account));
  }
  checkLabels(asking, podLabels);
  return identity;
}

/** Options that list callers. */
export const CALLERS = list(
  made<ICaller>(
    (value) => typeof value?.callerIdentity === 'function',
    "Caller.serviceAccount('monitoring', 'prometheus'), or the construct of the caller",
  ),
  "[Caller.namespace('batch')]",
);

function refuseName(factory: string, what: string, value: string, complaint: string | undefined): void {
  if (complaint !== undefined) {
    throw new Error(`Caller.${factory}: ${what} ${show(value)} ${complaint}.`);
  }
}
