<?php
/**
 * Plugin Name: Belowline comments
 * Description: Holds the comments that a Belowline server finds abusive or off topic, and those that it could not judge.
 * Version: 1.0
 * Requires PHP: 7.4
 * License: Apache-2.0
 */

defined('ABSPATH') || exit;

/** What wp-config.php says, or the default. */
function belowline_setting(string $name)
{
    $defaults = [
        'BELOWLINE_URL' => '',
        'BELOWLINE_KEY' => '',
        'BELOWLINE_SECONDS' => 2,
        'BELOWLINE_HOLD_AT' => ['TOXICITY' => 0.8, 'INSULT' => 0.8, 'OFF_TOPIC' => 0.9],
    ];
    return defined($name) ? constant($name) : $defaults[$name];
}

/** Plain text of what WordPress keeps as HTML. */
function belowline_plain(string $html): string
{
    return trim(html_entity_decode(wp_strip_all_tags($html), ENT_QUOTES | ENT_HTML5, 'UTF-8'));
}

/** The article that a comment stands under, its headline in the first line; '' if there is none. */
function belowline_article(int $post_id): string
{
    $post = get_post($post_id);
    if (!$post) {
        return '';
    }
    $body = belowline_plain(strip_shortcodes($post->post_content));
    return trim(belowline_plain($post->post_title) . "\n" . mb_substr($body, 0, 100000));
}

/** The request to the server, as comments:analyze takes it. */
function belowline_request(array $comment): array
{
    $article = belowline_article((int) ($comment['comment_post_ID'] ?? 0));
    $parent = empty($comment['comment_parent']) ? null : get_comment((int) $comment['comment_parent']);
    $attributes = array_keys(belowline_setting('BELOWLINE_HOLD_AT'));
    if ($article === '') {
        $attributes = array_diff($attributes, ['OFF_TOPIC']);
    }
    $context = $article === '' ? [] : ['article' => ['text' => $article]];
    if ($parent) {
        $context['parentComment'] = ['text' => belowline_plain($parent->comment_content)];
    }
    return [
        // WordPress hands the comment over with slashes before its quotes.
        'comment' => ['text' => belowline_plain(wp_unslash((string) $comment['comment_content']))],
        'requestedAttributes' => array_fill_keys(array_values($attributes), (object) []),
        'context' => ['articleAndParentComment' => (object) $context],
        'doNotStore' => true,
    ];
}

/** The scores by attribute, or null: then the second element says why, without a word of the comment. */
function belowline_scores(array $request): array
{
    $url = rtrim(belowline_setting('BELOWLINE_URL'), '/');
    if ($url === '' || belowline_setting('BELOWLINE_KEY') === '') {
        return [null, 'BELOWLINE_URL and BELOWLINE_KEY are not set'];
    }
    $reply = wp_remote_post("$url/v1alpha1/comments:analyze", [
        'timeout' => belowline_setting('BELOWLINE_SECONDS'),
        'redirection' => 0,
        'headers' => ['Content-Type' => 'application/json', 'X-Goog-Api-Key' => belowline_setting('BELOWLINE_KEY')],
        'body' => wp_json_encode($request),
    ]);
    if (is_wp_error($reply)) {
        return [null, 'no answer (' . $reply->get_error_code() . ')'];
    }
    $found = json_decode(wp_remote_retrieve_body($reply), true);
    if (wp_remote_retrieve_response_code($reply) !== 200) {
        return [null, $found['error']['message'] ?? 'status ' . wp_remote_retrieve_response_code($reply)];
    }
    $scores = [];
    foreach ($request['requestedAttributes'] as $name => $unused) {
        $value = $found['attributeScores'][$name]['summaryScore']['value'] ?? null;
        if (!is_numeric($value)) {
            return [null, "no score for $name"];
        }
        $scores[$name] = (float) $value;
    }
    return [$scores, ''];
}

/** Why a comment is held; '' if it is not. */
function belowline_reason(array $comment): string
{
    [$scores, $trouble] = belowline_scores(belowline_request($comment));
    if ($scores === null) {
        error_log("belowline: a comment is held unscored: $trouble");
        return "not scored: $trouble";
    }
    $reasons = [];
    foreach (belowline_setting('BELOWLINE_HOLD_AT') as $name => $threshold) {
        if (isset($scores[$name]) && $scores[$name] >= $threshold) {
            $reasons[] = sprintf('%s %.2f', $name, $scores[$name]);
        }
    }
    return implode(', ', $reasons);
}

/** Hold (0) what must wait; everything else stays as WordPress decided it. */
function belowline_filter($approved, $comment)
{
    // Only what would be published: spam, trash, errors and held comments stay what they are.
    if ((string) (is_scalar($approved) ? $approved : '') !== '1' || current_user_can('moderate_comments')) {
        return $approved;
    }
    $reason = belowline_reason($comment);
    if ($reason === '') {
        return $approved;
    }
    $GLOBALS['belowline_reason'] = $reason;
    return 0;
}
add_filter('pre_comment_approved', 'belowline_filter', 99, 2);

/** Keep the reason with the comment that was just saved. */
function belowline_keep_reason($comment_id): void
{
    if (!empty($GLOBALS['belowline_reason'])) {
        add_comment_meta($comment_id, 'belowline_reason', wp_slash($GLOBALS['belowline_reason']), true);
        unset($GLOBALS['belowline_reason']);
    }
}
add_action('wp_insert_comment', 'belowline_keep_reason');

/** A column for the moderators, in the list of comments. */
function belowline_columns(array $columns): array
{
    return $columns + ['belowline' => 'Belowline'];
}
add_filter('manage_edit-comments_columns', 'belowline_columns');

function belowline_column($column, $comment_id): void
{
    if ($column === 'belowline') {
        echo esc_html((string) get_comment_meta($comment_id, 'belowline_reason', true));
    }
}
add_action('manage_comments_custom_column', 'belowline_column', 10, 2);
