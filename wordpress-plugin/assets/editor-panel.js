/**
 * The panel of the block editor: what the relay wrote about this post, and what a person does with it.
 */
( function ( wp, aiRelay ) {
	'use strict';

	const { createElement: el, Fragment, useRef, useState } = wp.element;
	const { Button, Spinner } = wp.components;
	const { __ } = wp.i18n;

	// WordPress 6.6 moved these from wp.editPost to wp.editor.
	const slots = wp.editor.PluginDocumentSettingPanel ? wp.editor : wp.editPost;

	const NAMES = Object.keys( aiRelay.labels );

	function isEmpty( values ) {
		return NAMES.every( ( name ) => ! values[ name ].length );
	}

	/** One line on where things are; read out when it changes. */
	function statusText( { state, phase, message } ) {
		if ( message ) {
			return message.text;
		}
		if ( phase === 'waiting' ) {
			return __( 'Waiting for the AI result…', 'ai-relay' );
		}
		if ( phase === 'up' ) {
			return __( 'No result yet. It will be here when you open this post again.', 'ai-relay' );
		}
		if ( ! state || phase === 'busy' ) {
			return __( 'One moment…', 'ai-relay' );
		}
		if ( state.suggestion ) {
			return __( 'A new suggestion is here.', 'ai-relay' );
		}
		if ( ! isEmpty( state.values ) ) {
			return __( 'The AI result is here.', 'ai-relay' );
		}
		return state.awaited.includes( 'post.published' )
			? __( 'The summary appears here after the post is published.', 'ai-relay' )
			: __( 'Posts are not sent to the AI: see Settings → AI Relay.', 'ai-relay' );
	}

	/** The texts, each under its name. `prefix` tells those of a suggestion from those of the post. */
	function Texts( { values, prefix } ) {
		return el(
			'dl',
			{ className: 'ai-relay-texts' },
			NAMES.filter( ( name ) => values[ name ].length ).map( ( name ) =>
				el(
					Fragment,
					{ key: name },
					el( 'dt', null, aiRelay.labels[ name ] ),
					el(
						'dd',
						{ className: prefix + name.replace( '_', '-' ) },
						name === 'keywords' ? values.keywords.join( ', ' ) : values[ name ]
					)
				)
			)
		);
	}

	function Suggestion( { suggestion, isBusy, onAct } ) {
		const action = ( name ) => ( { disabled: isBusy, onClick: () => onAct( { action: name, result: suggestion.result } ) } );
		return el(
			'section',
			{ className: 'ai-relay-suggestion', 'aria-label': __( 'Suggestion', 'ai-relay' ) },
			el( 'h3', null, __( 'Suggestion', 'ai-relay' ) ),
			el( 'p', { className: 'ai-relay-note' }, __( 'Somebody changed the post or these texts, so nothing was overwritten.', 'ai-relay' ) ),
			el( Texts, { values: suggestion.values, prefix: 'ai-relay-suggested-' } ),
			el( 'p', { className: 'ai-relay-origin' }, suggestion.origin ),
			el(
				'div',
				{ className: 'ai-relay-buttons' },
				el( Button, Object.assign( { variant: 'primary', className: 'ai-relay-use' }, action( 'use' ) ), __( 'Use', 'ai-relay' ) ),
				el( Button, Object.assign( { variant: 'secondary', className: 'ai-relay-dismiss' }, action( 'dismiss' ) ), __( 'Dismiss', 'ai-relay' ) )
			)
		);
	}

	function Current( { state, isBusy, onAct, onEdit } ) {
		return el(
			Fragment,
			null,
			el( Texts, { values: state.values, prefix: 'ai-relay-' } ),
			state.applied && el( 'p', { className: 'ai-relay-origin' }, state.applied.origin ),
			el(
				'div',
				{ className: 'ai-relay-buttons' },
				el( Button, { variant: 'secondary', className: 'ai-relay-edit', disabled: isBusy, onClick: onEdit }, __( 'Edit', 'ai-relay' ) ),
				state.applied &&
					el(
						Button,
						{
							variant: 'tertiary',
							className: 'ai-relay-undo',
							disabled: isBusy,
							onClick: () => onAct( { action: 'undo', result: state.applied.result } ),
						},
						__( 'Undo', 'ai-relay' )
					)
			)
		);
	}

	function Result( result ) {
		const { state, phase, message, act } = result;
		const [ isEditing, setEditing ] = useState( false );
		const status = useRef();
		const isBusy = phase === 'busy';

		/** The button that was pressed may be gone then: the focus goes to what is said about it. */
		function run( data ) {
			return act( data ).then( function ( isDone ) {
				if ( status.current ) {
					status.current.focus();
				}
				return isDone;
			} );
		}

		function save( values ) {
			const saved = Object.keys( values ).length ? run( { action: 'edit', values } ) : Promise.resolve( true );
			saved.then( ( isDone ) => isDone && setEditing( false ) );
		}

		return el(
			'div',
			{ className: 'ai-relay-result', 'data-state': state && phase === 'idle' && isEmpty( state.values ) ? 'empty' : phase },
			el(
				'p',
				{ role: 'status', tabIndex: -1, ref: status, className: 'ai-relay-status' + ( message && message.isError ? ' is-error' : '' ) },
				statusText( result ),
				phase === 'waiting' && el( Spinner )
			),
			state && state.suggestion && ! isEditing && el( Suggestion, { suggestion: state.suggestion, isBusy, onAct: run } ),
			state && isEditing && el( aiRelay.Form, { values: state.values, isBusy, onSave: save, onCancel: () => setEditing( false ) } ),
			state && ! isEditing && el( Current, { state, isBusy, onAct: run, onEdit: () => setEditing( true ) } )
		);
	}

	/** In the post's settings, and in what the editor shows right after a publication. */
	function Panels() {
		const result = aiRelay.useResult();
		const title = __( 'AI Relay', 'ai-relay' );
		return el(
			Fragment,
			null,
			el( slots.PluginDocumentSettingPanel, { name: 'result', title, className: 'ai-relay-panel' }, el( Result, result ) ),
			el( slots.PluginPostPublishPanel, { title, initialOpen: true, className: 'ai-relay-published' }, el( Result, result ) )
		);
	}

	wp.plugins.registerPlugin( 'ai-relay', { render: Panels, icon: null } );
} )( window.wp, window.aiRelay );
