/*
 * What plain words of YAML are to kubectl: YAML 1.1 with merge keys, but without dates and numbers to base 60 (`12:30` is a string to
 * it). The parser is loaded with this file, so load this file only where there is YAML to read.
 */
import {
  boolYaml11Tag,
  FAILSAFE_SCHEMA,
  floatCoreTag,
  intYaml11Tag,
  mergeTag,
  NOT_RESOLVED,
  nullYaml11Tag,
} from 'js-yaml';

export const AS_KUBECTL_READS = FAILSAFE_SCHEMA.withTags(
  nullYaml11Tag,
  boolYaml11Tag,
  { ...intYaml11Tag, resolve: (text) => (text.includes(':') ? NOT_RESOLVED : intYaml11Tag.resolve(text, false, '')) },
  { ...floatCoreTag, resolve: (text) => floatCoreTag.resolve(text.replaceAll('_', ''), false, '') },
  mergeTag,
);
