// A stand-in for Coop's loader: it requires the package, checks the manifest as Coop does, creates the signals and
// runs one. Arguments: the package, its config as JSON, the signal, the text.
'use strict';

const [spec, config, type, text] = process.argv.slice(2);
const loaded = require(spec);
const plugin = loaded.default ?? loaded;
const REQUIRED = [
  'trainingData', 'policyAndTaxonomy', 'annotationMethodology', 'performanceBenchmarks', 'biasAndLimitations',
  'implementationGuidance', 'relevantLinks',
];
const { manifest } = plugin;
const present = new Set(manifest.modelCard.sections.map((section) => section.id));
const context = { integrationId: manifest.id, getCredential: async () => JSON.parse(config) };
const signals = plugin.createSignals(context);
const { signal } = signals.find((one) => one.signalTypeId === type);

(async () => {
  const found = {
    id: manifest.id,
    missing: REQUIRED.filter((id) => !present.has(id)),
    announced: manifest.signalTypeIds,
    created: signals.map((one) => one.signalTypeId),
    fields: Object.fromEntries(Object.entries(signal).map(([name, value]) => [name, typeof value])),
    disabled: await signal.getDisabledInfo('org-1'),
  };
  try {
    found.result = await signal.run({ value: { type: 'STRING', value: text }, orgId: 'org-1' });
  } catch (error) {
    found.error = error.name === 'Error' ? error.message : error.name;
  }
  console.log(JSON.stringify(found));
})();
