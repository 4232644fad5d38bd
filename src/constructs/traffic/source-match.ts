import { complaintAboutDnsLabel, complaintAboutLabelValue, complaintAboutMetadataKey } from '../../syntax/names';
import { isWritableKey } from '../objects/check-argument';
import { show } from '../objects/refuse';
import { map, refuseWrong, required, text } from '../objects/struct';
import { RequestMatch } from './request-match';

const LABELS = required(map(text, "{ app: 'shop' }"), "write them, as in { app: 'shop' }");

/**
 * What a rule asks of the caller. Acts inside the mesh only, in the sidecars of the callers: what comes through a gateway was
 * called from somewhere else.
 */
export class SourceMatch {
  /**
   * The pod of the caller has all these labels.
   *
   * @param labels The labels, at least one.
   * @throws Error when there is none, or a key or value is not one.
   */
  public static labels(labels: { readonly [key: string]: string }): RequestMatch {
    refuseWrong('SourceMatch.labels', 'labels', labels, LABELS);
    const entries = Object.entries(labels);
    if (entries.length === 0) {
      throw new Error("SourceMatch.labels: there is no label; write at least one, as in { app: 'shop' }.");
    }
    for (const [key, value] of entries) {
      checkLabel(key, value);
    }
    return RequestMatch._on({ on: 'sourceLabels', labels: LABELS.copy(labels) });
  }

  /**
   * The pod of the caller is in that namespace.
   *
   * @param namespace The name of the namespace.
   * @throws Error when it is not one.
   */
  public static namespace(namespace: string): RequestMatch {
    const complaint = complaintAboutDnsLabel(namespace);
    if (complaint !== undefined) {
      throw new Error(`SourceMatch.namespace: namespace ${show(namespace)} ${complaint}.`);
    }
    return RequestMatch._on({ on: 'sourceNamespace', namespace });
  }

  private constructor() {}
}

function checkLabel(key: string, value: string): void {
  const ofKey = complaintAboutMetadataKey(key);
  if (ofKey !== undefined) {
    throw new Error(`SourceMatch.labels: label ${show(key)} ${ofKey}.`);
  }
  if (!isWritableKey(key)) {
    throw new Error(`SourceMatch.labels: label '${key}' is a key that cdk8s cannot write; choose another label.`);
  }
  const ofValue = complaintAboutLabelValue(value);
  if (ofValue !== undefined) {
    throw new Error(`SourceMatch.labels: value ${show(value)} of label ${show(key)} ${ofValue}.`);
  }
}
