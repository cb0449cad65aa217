# Belowline behind Varnish 7: a cache for what is the same for everybody, purged by name.
#
# Copy to /etc/varnish/belowline.vcl (varnishd -f), write a token of your own below, and set for Belowline:
#
#     BELOWLINE_TRUSTED_PROXIES=127.0.0.1
#     BELOWLINE_SHARED_CACHE_SECONDS=60
#     BELOWLINE_PURGE_URL=http://127.0.0.1:6081/purge
#     BELOWLINE_PURGE_HEADER=X-Purge-Token: the-same-token
#
# TLS ends before Varnish. Let it speak the PROXY protocol to Varnish (hitch, HAProxy; varnishd -a :6086,PROXY), so
# that client.ip is the reader. docs/how-to/cache-at-the-edge.md explains it; `make edge` runs this file in Varnish
# 7.1 of Debian 12.

vcl 4.1;

import std;

backend default {
    .host = "127.0.0.1";
    .port = "8000";
    .connect_timeout = 5s;
    .first_byte_timeout = 60s;
    .probe = {
        .url = "/healthz";
        .interval = 2s;
        .timeout = 2s;
        .window = 4;
        .threshold = 2;
        .initial = 2;
    }
}

acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.url == "/purge") {
        if (client.ip !~ purgers || req.method != "POST" || req.http.X-Purge-Token != "change-this-token") {
            return (synth(403));
        }
        if (req.http.Surrogate-Key !~ "^[A-Za-z0-9_-]+( [A-Za-z0-9_-]+)*$") {
            return (synth(400));
        }
        # Looked at without the request: Varnish works such bans off by itself.
        ban("obj.http.Surrogate-Key ~ (^|[[:space:]])(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")([[:space:]]|$)");
        return (synth(200));
    }

    # Written anew, never added to: what a client sends under these names is dropped.
    set req.http.X-Forwarded-For = client.ip;
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Real-IP;
    unset req.http.Forwarded;
    set req.http.X-Forwarded-Proto = "http";
    # With TLS before Varnish on a port of its own:
    # if (std.port(local.ip) == 6086) { set req.http.X-Forwarded-Proto = "https"; }

    if (req.url ~ "^/(metrics|readyz)(\?|$)") {
        return (synth(404));
    }
    # While Belowline answers, as stale as BELOWLINE_SHARED_CACHE_STALE_SECONDS says; else as beresp.grace, below.
    if (std.healthy(req.backend_hint)) {
        set req.grace = 5s;
    }
    # A page in a frame looks different; all other kinds of asking are one.
    if (req.http.Sec-Fetch-Dest != "iframe") {
        unset req.http.Sec-Fetch-Dest;
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # The same for everybody, also for who is signed in.
    if (req.url ~ "^/(static/|(embed|counts)\.js(\?|$)|counts\.json(\?|$)|oembed(\?|$)|embed/(\?|$)|fragment/(\?|$)|sites/[^/?]+/theme\.css(\?|$)|discussion/[0-9]+/(state|feed|fragment)/(\?|$)|comments/[0-9]+/embed/(\?|$))") {
        unset req.http.Cookie;
        return (hash);
    }
    # The same for everybody who is not signed in: asked for without any cookie.
    if (req.url ~ "^/(discussion/[0-9]+/|comments/[0-9]+/(replies/)?)(\?|$)" && req.http.Cookie !~ "belowline_session") {
        unset req.http.Cookie;
        return (hash);
    }
    return (pass);
}

sub vcl_backend_response {
    # An error made in the background does not take the place of what is there.
    if (beresp.status >= 500 && bereq.is_bgfetch) {
        return (abandon);
    }
    # What says nothing of being kept is not kept: Varnish would, for two minutes.
    if (!beresp.http.Cache-Control || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
    }
    if (beresp.http.Cache-Control ~ "stale-if-error=[0-9]+") {
        set beresp.grace = std.duration(regsub(beresp.http.Cache-Control, "^.*stale-if-error=([0-9]+).*$", "\1") + "s", 10s);
    }
}

sub vcl_deliver {
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    unset resp.http.Surrogate-Key;
    unset resp.http.Via;
    unset resp.http.X-Varnish;
}
