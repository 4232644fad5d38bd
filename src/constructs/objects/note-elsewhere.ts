import { type ApiObjectMetadata, Lazy } from 'cdk8s';
import { EXISTS_ELSEWHERE } from '../../syntax/exists-elsewhere';

/**
 * The metadata of an object, with a note for checks of what it refers to and somebody else makes: as it is known at synthesis,
 * beside what a user says.
 */
export function noteElsewhere(metadata: ApiObjectMetadata, names: () => readonly string[]): ApiObjectMetadata {
  const given = metadata.annotations?.[EXISTS_ELSEWHERE] ?? [];
  const note = Lazy.any({ produce: () => [...new Set([given, names()].flat())].join(',') || undefined });
  return { ...metadata, annotations: { ...metadata.annotations, [EXISTS_ELSEWHERE]: note } };
}
