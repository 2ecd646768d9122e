<?php
/**
 * Plugin Name: Health Search
 * Description: Tells the search service what is published, changed and taken down, at once.
 *
 * Put this file into wp-content/mu-plugins/, and two lines into wp-config.php:
 *
 *     define( 'HEALTH_SEARCH_URL', 'http://127.0.0.1:8000' );
 *     define( 'HEALTH_SEARCH_KEY', 'put-your-own-key-here' );
 *
 * An article is known by its permalink, as the nightly reindex of the site's pages knows it. The
 * permalink last sent is noted with the post, so that a new slug or a post in the trash takes the
 * old address out of the index. What the service did not get, the next reindex makes good.
 *
 * Needs WordPress 5.6 and PHP 7.0.
 */

defined( 'ABSPATH' ) || exit;

const HEALTH_SEARCH_SENT = '_health_search_sent';

// After a post, its terms and its fields are saved; for new states and the trash, too.
add_action( 'wp_after_insert_post', 'health_search_sync' );

// Before its permalink changes: note it if it was never noted.
add_action( 'pre_post_update', 'health_search_note' );
add_action( 'wp_trash_post', 'health_search_note' );

// Before the post and what is noted with it are gone; deleted_post would be too late.
add_action( 'before_delete_post', 'health_search_forget' );

/** Makes the index what the post is now. */
function health_search_sync( $post_id ) {
	$post = get_post( $post_id );
	if ( ! $post || wp_is_post_revision( $post ) || wp_is_post_autosave( $post ) ) {
		return;
	}
	$url  = health_search_is_public( $post ) ? get_permalink( $post ) : '';
	$sent = (string) get_post_meta( $post->ID, HEALTH_SEARCH_SENT, true );
	if ( '' !== $sent && $sent !== $url && health_search_send( 'DELETE', $sent ) ) {
		delete_post_meta( $post->ID, HEALTH_SEARCH_SENT );
	}
	if ( '' !== $url && health_search_send( 'PUT', $url, health_search_article( $post ) ) ) {
		update_post_meta( $post->ID, HEALTH_SEARCH_SENT, wp_slash( $url ) );
	}
}

/** Notes where a public post is, if nothing is noted. */
function health_search_note( $post_id ) {
	$post = get_post( $post_id );
	if ( $post && health_search_is_public( $post ) ) {
		add_post_meta( $post->ID, HEALTH_SEARCH_SENT, wp_slash( get_permalink( $post ) ), true );
	}
}

/** Takes out a post that is about to be deleted. */
function health_search_forget( $post_id ) {
	health_search_note( $post_id );
	$sent = (string) get_post_meta( $post_id, HEALTH_SEARCH_SENT, true );
	if ( '' !== $sent ) {
		health_search_send( 'DELETE', $sent );
	}
}

/** Tells whether everybody may read the post. */
function health_search_is_public( $post ) {
	$types = apply_filters( 'health_search_post_types', array( 'post', 'page' ) );
	return 'publish' === $post->post_status
		&& '' === $post->post_password
		&& in_array( $post->post_type, $types, true );
}

/** Returns the fields that the service takes. */
function health_search_article( $post ) {
	return array(
		'title'       => health_search_plain( get_the_title( $post ) ),
		'html'        => apply_filters( 'the_content', $post->post_content ),
		'description' => has_excerpt( $post ) ? health_search_plain( $post->post_excerpt ) : '',
		'language'    => get_bloginfo( 'language' ),
		'published'   => get_the_date( 'Y-m-d', $post ),
		'modified'    => get_the_modified_date( 'Y-m-d', $post ),
		'authors'     => health_search_names( array( get_the_author_meta( 'display_name', $post->post_author ) ) ),
		'publisher'   => health_search_plain( get_bloginfo( 'name' ) ),
		'topics'      => health_search_terms( $post, 'category' ),
		'tags'        => health_search_terms( $post, 'post_tag' ),
	);
}

/** Returns the names of a post's terms. */
function health_search_terms( $post, $taxonomy ) {
	$terms = get_the_terms( $post, $taxonomy );
	return is_array( $terms ) ? health_search_names( wp_list_pluck( $terms, 'name' ) ) : array();
}

/** Returns names as plain text, without empty ones, as many as the service takes. */
function health_search_names( $names ) {
	$names = array_filter( array_map( 'health_search_plain', $names ), 'strlen' );
	return array_slice( array_values( $names ), 0, 50 );
}

/** Returns plain text, for texts that WordPress keeps as HTML. */
function health_search_plain( $html ) {
	return html_entity_decode( wp_strip_all_tags( $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
}

/** Sends a change and tells whether the service has written it down. */
function health_search_send( $method, $url, $article = null ) {
	if ( ! defined( 'HEALTH_SEARCH_URL' ) || ! defined( 'HEALTH_SEARCH_KEY' ) ) {
		return false;
	}
	$response = wp_remote_request(
		HEALTH_SEARCH_URL . '/v1/articles?url=' . rawurlencode( $url ),
		array(
			'method'      => $method,
			'timeout'     => 5,
			'redirection' => 0, // The key is for this service only.
			'headers'     => array(
				'Authorization' => 'Bearer ' . HEALTH_SEARCH_KEY,
				'Content-Type'  => 'application/json',
			),
			'body'        => null === $article ? null : wp_json_encode( $article ),
		)
	);
	$status   = wp_remote_retrieve_response_code( $response );
	if ( 202 !== $status ) {
		$why = is_wp_error( $response ) ? $response->get_error_message() : "status $status";
		error_log( "Health Search: $method of $url failed: $why" );
	}
	return 202 === $status;
}
