// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {EIP712} from '@openzeppelin/contracts/utils/cryptography/EIP712.sol';
import {SignatureChecker} from '@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol';
import {RelayedOwnable} from '../forwarder/RelayedOwnable.sol';
import {IABCheckpoint} from '../interfaces/IABCheckpoint.sol';

/// @title Where the tree heads of event logs are anchored (documented in IABCheckpoint)
contract ABCheckpoint is IABCheckpoint, RelayedOwnable, EIP712 {
    bytes32 private constant TREE_HEAD_TYPEHASH = keccak256(
        'TreeHead(bytes32 logId,uint64 treeSize,bytes32 rootHash)'
    );

    /// @inheritdoc IABCheckpoint
    mapping(bytes32 logId => address signer) public signerOf;
    mapping(bytes32 logId => TreeHead[]) private _treeHeads;
    mapping(bytes32 logId => Retraction[]) private _retractions;

    /// @dev The heads from `first` on that were there then: up to, and without, `end`.
    struct Retraction {
        uint128 first;
        uint128 end;
    }

    /// @param owner_ names the signers
    /// @param logId the log that has a signer from the start
    /// @param signer of that log; address zero: no log has one until the owner names it
    constructor(
        address trustedForwarder_,
        address owner_,
        bytes32 logId,
        address signer
    ) RelayedOwnable(trustedForwarder_, owner_) EIP712('AB.LAND Checkpoint', '1') {
        if (signer != address(0)) _setSigner(logId, signer);
    }

    /// @inheritdoc IABCheckpoint
    function anchor(
        bytes32 logId,
        uint64 treeSize,
        bytes32 rootHash,
        bytes calldata signature
    ) external returns (uint256 index) {
        address signer = signerOf[logId];
        if (signer == address(0)) revert UnknownLog(logId);
        TreeHead[] storage heads = _treeHeads[logId];
        index = heads.length;
        uint256 standing = _standingBelow(logId, index);
        uint64 anchoredSize = standing == 0 ? 0 : heads[standing - 1].treeSize;
        if (treeSize <= anchoredSize) revert TreeNotGrown(logId, anchoredSize, treeSize);
        if (!SignatureChecker.isValidSignatureNow(signer, digestOf(logId, treeSize, rootHash), signature)) {
            revert InvalidSignature(logId, signer);
        }
        heads.push(TreeHead(treeSize, uint64(block.timestamp), rootHash));
        emit TreeHeadAnchored(logId, index, treeSize, rootHash, signer);
    }

    /// @inheritdoc IABCheckpoint
    function retract(bytes32 logId, uint256 index) external onlyOwner {
        uint256 end = _treeHeads[logId].length;
        if (index >= end || !_stands(logId, index)) revert UnknownTreeHead(logId, index);
        _retractions[logId].push(Retraction(uint128(index), uint128(end)));
        emit TreeHeadRetracted(logId, index, end - 1);
    }

    /// @inheritdoc IABCheckpoint
    function setSigner(bytes32 logId, address newSigner) external onlyOwner {
        _setSigner(logId, newSigner);
    }

    /// @inheritdoc IABCheckpoint
    function treeHeadCount(bytes32 logId) external view returns (uint256 count) {
        return _treeHeads[logId].length;
    }

    /// @inheritdoc IABCheckpoint
    function standingTreeHeads(bytes32 logId) external view returns (uint256 end) {
        return _standingBelow(logId, _treeHeads[logId].length);
    }

    /// @inheritdoc IABCheckpoint
    function treeHead(bytes32 logId, uint256 index) external view returns (TreeHead memory head) {
        TreeHead[] storage heads = _treeHeads[logId];
        if (index >= heads.length) revert UnknownTreeHead(logId, index);
        head = heads[index];
        if (!_stands(logId, index)) (head.treeSize, head.rootHash) = (0, 0);
    }

    /// @inheritdoc IABCheckpoint
    function digestOf(bytes32 logId, uint64 treeSize, bytes32 rootHash) public view returns (bytes32 hash) {
        return _hashTypedDataV4(keccak256(abi.encode(TREE_HEAD_TYPEHASH, logId, treeSize, rootHash)));
    }

    function _stands(bytes32 logId, uint256 index) private view returns (bool) {
        return _standingBelow(logId, index + 1) == index + 1;
    }

    /// @dev How many heads there are up to the newest below `end` that stands, itself included; 0 where none stands. From the newest
    /// retraction to the oldest, because a newer one reaches as far or further.
    function _standingBelow(bytes32 logId, uint256 end) private view returns (uint256 standing) {
        Retraction[] storage retractions = _retractions[logId];
        standing = end;
        for (uint256 i = retractions.length; i > 0; --i) {
            Retraction memory retraction = retractions[i - 1];
            if (retraction.first < standing && standing <= retraction.end) standing = retraction.first;
        }
    }

    function _setSigner(bytes32 logId, address newSigner) private {
        emit SignerUpdated(logId, signerOf[logId], newSigner);
        signerOf[logId] = newSigner;
    }
}
