/**
 * Signals for Coop: the scores of a Belowline server, each in [0, 1].
 *
 * Shapes: CoopIntegrationPlugin of @roostorg/coop-types. CommonJS, because Coop loads plugins with `require`; it needs
 * no build and no other package.
 */
'use strict';

const INTEGRATION = 'BELOWLINE';
const MILLISECONDS = 2000;
const OUTPUT = { scalarType: 'NUMBER' };
const ATTRIBUTES = {
  TOXICITY: 'is rude or disrespectful',
  SEVERE_TOXICITY: 'is very hateful or aggressive',
  INSULT: 'insults a person or a group',
  PROFANITY: 'uses swear words',
  THREAT: 'wishes or announces harm',
  IDENTITY_ATTACK: 'attacks people for what they are',
};

/** The score of a text. Throws where there is none: a missing score is not a low one. */
async function score(attribute, text, config) {
  const reply = await fetch(`${String(config.url).replace(/\/+$/, '')}/v1alpha1/comments:analyze`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Goog-Api-Key': config.apiKey },
    body: JSON.stringify({ comment: { text }, requestedAttributes: { [attribute]: {} }, doNotStore: true }),
    redirect: 'error',
    signal: AbortSignal.timeout(MILLISECONDS),
  });
  const found = await reply.json();
  if (!reply.ok) throw new Error(`Belowline: ${found?.error?.message ?? `status ${reply.status}`}`);
  const value = found?.attributeScores?.[attribute]?.summaryScore?.value;
  if (!(value >= 0 && value <= 1)) throw new Error(`Belowline: no score for ${attribute}`);
  return value;
}

function describe(attribute, { integrationId, getCredential }) {
  const configOf = async (orgId) => {
    const config = (await getCredential(orgId)) ?? {};
    return config.url && config.apiKey ? config : null;
  };
  return {
    id: { type: `BELOWLINE_${attribute}` },
    displayName: `Belowline ${attribute.toLowerCase().replaceAll('_', ' ')}`,
    description: `Whether a comment ${ATTRIBUTES[attribute]}: 0 to 1, on Perspective's scale.`,
    docsUrl: null,
    recommendedThresholds: { highPrecisionThreshold: 0.9, highRecallThreshold: 0.7 },
    supportedLanguages: ['ENGLISH'],
    pricingStructure: { type: 'FREE' },
    eligibleInputs: ['STRING'],
    outputType: OUTPUT,
    getCost: () => 1,
    needsMatchingValues: false,
    eligibleSubcategories: [],
    needsActionPenalties: false,
    integration: integrationId,
    // Routing to a queue only: no machine acts on one of these scores alone.
    allowedInAutomatedRules: false,

    async run({ value, orgId }) {
      const config = await configOf(orgId);
      if (!config) throw new Error('Belowline: address and API key are not configured');
      return { outputType: OUTPUT, score: await score(attribute, value.value, config) };
    },

    async getDisabledInfo(orgId) {
      return (await configOf(orgId))
        ? { disabled: false }
        : { disabled: true, disabledMessage: 'Set the address and the API key of your Belowline server.' };
    },
  };
}

const section = (id, title, value) => ({ id, title, fields: [{ label: title, value }] });

const manifest = {
  id: INTEGRATION,
  name: 'Belowline',
  version: '1.0.0',
  description: 'Scores of comments from a server of your own.',
  requiresConfig: true,
  configurationFields: [
    { key: 'url', label: 'Address', required: true, inputType: 'text', placeholder: 'http://belowline:8000' },
    { key: 'apiKey', label: 'API key', required: true, inputType: 'password' },
  ],
  signalTypeIds: Object.keys(ATTRIBUTES).map((attribute) => `BELOWLINE_${attribute}`),
  modelCard: {
    modelName: 'Belowline abuse',
    version: 'abuse-linear-1',
    releaseDate: 'November 2026',
    sections: [
      section('trainingData', 'Training data', 'In the model card, src/belowline/weights/abuse/README.md.'),
      section('policyAndTaxonomy', 'Scores', Object.keys(ATTRIBUTES).join(', ')),
      section('annotationMethodology', 'Scale', 'As many comments pass a threshold as did with Perspective.'),
      section('performanceBenchmarks', 'AUROC', 'Jigsaw test comments 0.958, insults in news comments 0.853.'),
      section('biasAndLimitations', 'Limits', 'English only. Abuse without abusive words passes.'),
      section('implementationGuidance', 'Use', 'Route comments to a queue by it; let a person decide.'),
      section('relevantLinks', 'Documentation', 'docs/how-to/roost-coop.md in the source of Belowline.'),
    ],
  },
};

const createSignals = (context) =>
  Object.keys(ATTRIBUTES).map((attribute) => ({
    signalTypeId: `BELOWLINE_${attribute}`,
    signal: describe(attribute, context),
  }));

module.exports = { manifest, createSignals };
