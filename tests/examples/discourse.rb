# frozen_string_literal: true

# What happens around examples/discourse/plugin.rb: the constant, the request and the reading of the reply are as in
# Discourse's plugin (lib/discourse_perspective.rb), written anew. Arguments: the plugin's file, the key, the text.

require "excon"
require "json"

module DiscoursePerspective
  GOOGLE_API_DOMAIN = "https://commentanalyzer.googleapis.com"
  OPTIONS = {
    connect_timeout: 1, read_timeout: 3, write_timeout: 3, ssl_verify_peer: true, retry_limit: 0, persistent: true
  }.freeze

  def self.ask(key, text)
    attributes = { TOXICITY: { scoreType: "PROBABILITY" } }
    body = { comment: { text: text }, doNotStore: true, sessionId: "https://forum.example_7" }
    body = JSON.generate(body.merge(requestedAttributes: attributes))
    headers = {
      "Accept" => "*/*", "Content-Length" => body.bytesize, "Content-Type" => "application/json",
      "User-Agent" => "Discourse/3.5.0"
    }
    connection = Excon.new(GOOGLE_API_DOMAIN, OPTIONS)
    path = "/v1alpha1/comments:analyze"
    connection.request(method: :post, path: path, query: { key: key }, headers: headers, body: body).body
  end

  def self.score(reply)
    JSON.parse(reply)["attributeScores"].first[1].dig("summaryScore", "value") || 0.0
  rescue StandardError
    0.0
  end
end

class Plugin
  attr_reader :hooks

  def after_initialize(&block)
    (@hooks ||= []) << block
  end
end

file, key, text, without = ARGV
Object.send(:remove_const, :DiscoursePerspective) if without
plugin = Plugin.new
plugin.instance_eval(File.read(file), file)
plugin.hooks.each { |hook| hook.call(plugin) }
begin
  reply = DiscoursePerspective.ask(key, text)
  puts JSON.generate(host: DiscoursePerspective::GOOGLE_API_DOMAIN, score: DiscoursePerspective.score(reply), reply: reply)
rescue Excon::Error => e
  puts JSON.generate(error: e.class.name)
end
