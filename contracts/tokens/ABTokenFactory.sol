// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {Address} from '@openzeppelin/contracts/utils/Address.sol';
import {Create2} from '@openzeppelin/contracts/utils/Create2.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABLiquidityManager} from '../interfaces/IABLiquidityManager.sol';
import {IABTokenFactory} from '../interfaces/IABTokenFactory.sol';
import {ABToken} from './ABToken.sol';
import {TokenRules} from './TokenRules.sol';

/// @title Launches tokens (documented in IABTokenFactory)
contract ABTokenFactory is IABTokenFactory, RelayedOwnable {
    using Address for address;

    struct Token {
        address creator;
        uint8 decimals;
        bool deactivated;
    }

    /// @notice Where createTokenWithPool opens pools; it takes this factory's word for who calls.
    address public immutable liquidityManager;

    /// @inheritdoc IABTokenFactory
    uint256 public creationFee;
    /// @inheritdoc IABTokenFactory
    address public feeRecipient;
    mapping(address token => Token) private _tokens;
    mapping(address creator => address[]) private _tokensOf;

    /// @param owner_ sets the fee and its recipient, and can deactivate tokens
    /// @param creationFee_ wei
    constructor(
        address trustedForwarder_,
        address liquidityManager_,
        address owner_,
        address feeRecipient_,
        uint256 creationFee_
    ) RelayedOwnable(trustedForwarder_, owner_) {
        liquidityManager = liquidityManager_;
        _setFeeRecipient(feeRecipient_);
        _setCreationFee(creationFee_);
    }

    /// @inheritdoc IABTokenFactory
    function createToken(
        string calldata name,
        string calldata symbol,
        uint256 totalSupply,
        uint8 decimals,
        string calldata metadataURI
    ) external payable returns (address token) {
        return _create(TokenParameters(name, symbol, totalSupply, decimals, metadataURI), 0);
    }

    /// @inheritdoc IABTokenFactory
    function createTokenWithPool(
        TokenParameters calldata parameters,
        uint256 amountToken,
        address otherToken,
        uint256 amountOther,
        uint256 deadline
    ) external payable returns (address token, bytes32 poolId) {
        token = _create(parameters, amountToken);
        bytes memory call = abi.encodeCall(
            IABLiquidityManager.createPool,
            (token, otherToken, amountToken, amountOther, deadline)
        );
        // The manager reads its caller from these last 20 bytes, because it trusts this factory (ERC-2771).
        bytes memory result = liquidityManager.functionCall(abi.encodePacked(call, _msgSender()));
        poolId = abi.decode(result, (bytes32));
    }

    /// @inheritdoc IABTokenFactory
    function updateTokenMetadata(address token, string calldata metadataURI) external {
        Token storage known = _activeToken(token);
        if (_msgSender() != known.creator) revert NotTokenCreator(token, _msgSender());
        TokenRules.checkMetadataURI(metadataURI);
        emit TokenMetadataUpdated(token, known.decimals, metadataURI);
    }

    /// @inheritdoc IABTokenFactory
    function deactivateToken(address token) external {
        Token storage known = _activeToken(token);
        address caller = _msgSender();
        if (caller != known.creator && caller != owner()) revert NotTokenCreator(token, caller);
        known.deactivated = true;
        emit TokenDeactivated(token);
    }

    /// @inheritdoc IABTokenFactory
    function setCreationFee(uint256 newFee) external onlyOwner {
        _setCreationFee(newFee);
    }

    /// @inheritdoc IABTokenFactory
    function setFeeRecipient(address newRecipient) external onlyOwner {
        _setFeeRecipient(newRecipient);
    }

    /// @inheritdoc IABTokenFactory
    function collectCreationFees() external returns (uint256 amount) {
        amount = address(this).balance;
        emit CreationFeesCollected(feeRecipient, amount);
        Address.sendValue(payable(feeRecipient), amount);
    }

    /// @inheritdoc IABTokenFactory
    function creatorOf(address token) external view returns (address creator) {
        return _tokens[token].creator;
    }

    /// @inheritdoc IABTokenFactory
    function nextTokenAddress(
        address creator,
        TokenParameters calldata parameters,
        uint256 amountToken
    ) external view returns (address token) {
        return
            Create2.computeAddress(
                _nextSalt(creator),
                keccak256(_creationCode(creator, parameters, amountToken))
            );
    }

    /// @inheritdoc IABTokenFactory
    function isActive(address token) external view returns (bool active) {
        Token storage known = _tokens[token];
        return known.creator != address(0) && !known.deactivated;
    }

    /// @inheritdoc IABTokenFactory
    function tokenCountOf(address creator) external view returns (uint256 count) {
        return _tokensOf[creator].length;
    }

    /// @inheritdoc IABTokenFactory
    function tokensOf(
        address creator,
        uint256 offset,
        uint256 limit
    ) external view returns (address[] memory tokens) {
        address[] storage all = _tokensOf[creator];
        uint256 left = offset < all.length ? all.length - offset : 0;
        tokens = new address[](left < limit ? left : limit);
        for (uint256 i = 0; i < tokens.length; ++i) tokens[i] = all[offset + i];
    }

    /// @dev The mint's Transfer comes before TokenCreated. An allowance to the manager comes with it where not 0.
    function _create(TokenParameters memory parameters, uint256 allowance) private returns (address token) {
        if (msg.value != creationFee) revert WrongCreationFee(creationFee, msg.value);
        TokenRules.check(parameters);
        address creator = _msgSender();
        token = Create2.deploy(0, _nextSalt(creator), _creationCode(creator, parameters, allowance));
        _tokens[token] = Token(creator, parameters.decimals, false);
        _tokensOf[creator].push(token);
        emit TokenCreated(token, creator, parameters.name, parameters.symbol, parameters.totalSupply);
        emit TokenMetadataUpdated(token, parameters.decimals, parameters.metadataURI);
    }

    /// @dev Of the creator and how many tokens they made before: nobody else can use it up.
    function _nextSalt(address creator) private view returns (bytes32) {
        return keccak256(abi.encode(creator, _tokensOf[creator].length));
    }

    function _creationCode(
        address creator,
        TokenParameters memory parameters,
        uint256 allowance
    ) private view returns (bytes memory) {
        return
            abi.encodePacked(
                type(ABToken).creationCode,
                abi.encode(
                    parameters.name,
                    parameters.symbol,
                    parameters.totalSupply,
                    parameters.decimals,
                    creator,
                    liquidityManager,
                    allowance
                )
            );
    }

    function _activeToken(address token) private view returns (Token storage known) {
        known = _tokens[token];
        if (known.creator == address(0)) revert UnknownToken(token);
        if (known.deactivated) revert TokenAlreadyDeactivated(token);
    }

    function _setCreationFee(uint256 newFee) private {
        emit CreationFeeUpdated(creationFee, newFee);
        creationFee = newFee;
    }

    function _setFeeRecipient(address newRecipient) private {
        if (newRecipient == address(0)) revert InvalidRecipient(newRecipient);
        emit FeeRecipientUpdated(feeRecipient, newRecipient);
        feeRecipient = newRecipient;
    }
}
