# frozen_string_literal: true

# name: discourse-perspective-belowline
# about: Lets discourse-perspective-api ask a Belowline server instead of Google's
# version: 1.0
# authors: The Belowline authors

after_initialize do
  address = ENV.fetch("BELOWLINE_URL").chomp("/")
  raise "BELOWLINE_URL has no path: https://belowline.example" unless address.match?(%r{\Ahttps?://[^/]+\z})

  # A plugin that is gone or has changed must not pass for one that asks Belowline.
  unless defined?(DiscoursePerspective::GOOGLE_API_DOMAIN)
    raise "discourse-perspective-api is not installed, or names its server otherwise now"
  end

  DiscoursePerspective.send(:remove_const, :GOOGLE_API_DOMAIN)
  DiscoursePerspective.const_set(:GOOGLE_API_DOMAIN, address.freeze)
end
